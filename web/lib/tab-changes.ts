/** Tells the other tabs and the service worker that rows or counters changed. Never heard by the one who tells. */
export type TabChanges = {
  announce(): void;
  onChange(listener: () => void): void;
  close(): void;
};

/** `name`: shared by all who keep the same rows. */
export function createTabChanges(name: string): TabChanges {
  const channel = new BroadcastChannel(name);
  return {
    announce: () => channel.postMessage("changed"),
    onChange: (listener) => channel.addEventListener("message", () => listener()),
    close: () => channel.close(),
  };
}
