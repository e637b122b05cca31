/**
 * Calls `wake` when a new try is promising: the network came back, a person looks again, the page comes out of the
 * browser's page cache, where no timer ran. Returns how to end it. Without a window it never calls.
 */
export function onPageWake(wake: () => void): () => void {
  return listen([
    [globalThis, "online", wake],
    [globalThis, "pageshow", (event) => Reflect.get(event, "persisted") === true && wake()],
    [documentOrNone(), "visibilitychange", () => document.visibilityState === "visible" && wake()],
  ]);
}

/** Calls `hide` when the page goes out of sight and may end any moment. Returns how to end it. */
export function onPageHide(hide: () => void): () => void {
  return listen([
    [documentOrNone(), "visibilitychange", () => document.visibilityState === "hidden" && hide()],
  ]);
}

function documentOrNone(): EventTarget | undefined {
  return typeof document === "undefined" ? undefined : document;
}

function listen(wanted: [EventTarget | undefined, string, (event: Event) => unknown][]): () => void {
  const listening = wanted.filter(([target]) => typeof target?.addEventListener === "function");
  for (const [target, type, listener] of listening) target?.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of listening) target?.removeEventListener(type, listener);
  };
}
