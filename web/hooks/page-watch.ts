/** A glance at another tab does not stop the pictures. */
const PATIENCE_MS = 3_000;

type PageWatchDeps = {
  document: Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;
  window: Pick<Window, "addEventListener" | "removeEventListener">;
};

/**
 * Whether anybody can see this page. A page that is frozen or put away counts as unseen at once: its timers no longer
 * run, and what it holds open would be found dead on waking.
 */
export function createPageWatch({ document, window }: PageWatchDeps) {
  const listeners = new Set<() => void>();
  let isWatched = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function set(next: boolean): void {
    clearTimeout(timer);
    timer = undefined;
    if (next === isWatched) return;
    isWatched = next;
    for (const listener of listeners) listener();
  }

  function look(): void {
    if (document.visibilityState === "visible") set(true);
    else if (isWatched) timer ??= setTimeout(() => set(false), PATIENCE_MS);
  }

  const putAway = () => set(false);

  function start(): void {
    isWatched = document.visibilityState === "visible";
    document.addEventListener("visibilitychange", look);
    document.addEventListener("freeze", putAway);
    document.addEventListener("resume", look);
    window.addEventListener("pagehide", putAway);
    window.addEventListener("pageshow", look);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    document.removeEventListener("visibilitychange", look);
    document.removeEventListener("freeze", putAway);
    document.removeEventListener("resume", look);
    window.removeEventListener("pagehide", putAway);
    window.removeEventListener("pageshow", look);
  }

  return {
    isWatched: () => isWatched,
    subscribe(listener: () => void): () => void {
      if (listeners.size === 0) start();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}
