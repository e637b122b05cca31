/** `missing`: this browser keeps no screen on, or will not. */
export type WakeLockStatus = "asking" | "held" | "missing";

type WakeLockDeps = {
  /** Absent in older browsers and on plain http from another machine. */
  wakeLock: Pick<WakeLock, "request"> | undefined;
  document: Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;
  later: (action: () => void, waitMs: number) => ReturnType<typeof setTimeout>;
};

/** A lock that the device took back (little battery) is asked for again after this. */
const ASK_AGAIN_MS = 60_000;

/** Keeps the screen from going dark. The browser lets go whenever the page is hidden; the lock is then taken again. */
export function createScreenLock({ wakeLock, document, later }: WakeLockDeps) {
  const listeners = new Set<() => void>();
  let status: WakeLockStatus = wakeLock ? "asking" : "missing";
  let lock: WakeLockSentinel | null = null;
  let isWanted = false;
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function put(now: WakeLockStatus) {
    status = now;
    for (const listener of listeners) listener();
  }

  function ask() {
    if (!wakeLock || !isWanted || lock || isAsking || document.visibilityState !== "visible") return;
    isAsking = true;
    wakeLock.request("screen").then(taken, refused);
  }

  function taken(sentinel: WakeLockSentinel) {
    isAsking = false;
    if (!isWanted) return void sentinel.release();
    lock = sentinel;
    sentinel.addEventListener("release", lost, { once: true });
    put("held");
  }

  function refused() {
    isAsking = false;
    if (isWanted) put("missing");
    askLater();
  }

  function lost() {
    lock = null;
    if (!isWanted) return;
    put("asking");
    askLater();
  }

  function askLater() {
    clearTimeout(timer);
    if (isWanted) timer = later(ask, ASK_AGAIN_MS);
  }

  return {
    status: () => status,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      isWanted = true;
      document.addEventListener("visibilitychange", ask);
      ask();
    },
    stop() {
      isWanted = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
      lock = null;
    },
  };
}
