/** Tells the other tabs and the service worker that rows or counters changed. Never heard by the one who tells. */
export type OutboxChanges = {
  announce(): void;
  onChange(listener: () => void): void;
  close(): void;
};

export function createOutboxChanges(name = "guarita-outbox"): OutboxChanges {
  const channel = new BroadcastChannel(name);
  return {
    announce: () => channel.postMessage("changed"),
    onChange: (listener) => channel.addEventListener("message", () => listener()),
    close: () => channel.close(),
  };
}
