/** Tells the other tabs that waiting pictures changed. Never heard by the one who tells. */
export type PictureChanges = {
  announce(): void;
  onChange(listener: () => void): void;
  close(): void;
};

export function createPictureChanges(): PictureChanges {
  const channel = new BroadcastChannel("guarita-evidence");
  return {
    announce: () => channel.postMessage("changed"),
    onChange: (listener) => channel.addEventListener("message", () => listener()),
    close: () => channel.close(),
  };
}
