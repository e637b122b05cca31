import type { Transport } from "./player.ts";

/** The transports that people chose, for one camera or for all of this device. */
export type PinnedTransports = {
  device(): Transport | null;
  camera(cameraId: string): Transport | null;
  /** Null takes the choice back. */
  pinDevice(transport: Transport | null): void;
  pinCamera(cameraId: string, transport: Transport | null): void;
  /** Called on every change, another tab's too; returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
};

type PinnedTransportsDeps = {
  read(key: string): string | null;
  write(key: string, text: string): void;
  /** Calls back when another tab of this browser wrote; never ended. */
  onForeignWrite(listener: () => void): void;
};

const DEVICE = "guarita.transport";
const TRANSPORTS: readonly string[] = ["webrtc", "hls", "direct"] satisfies Transport[];

export function createPinnedTransports(deps: PinnedTransportsDeps): PinnedTransports {
  const { read, write } = deps;
  const listeners = new Set<() => void>();

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function pin(key: string, transport: Transport | null): void {
    write(key, transport ?? "");
    tell();
  }

  deps.onForeignWrite(tell);

  return {
    device: () => asTransport(read(DEVICE)),
    camera: (cameraId) => asTransport(read(keyOf(cameraId))),
    pinDevice: (transport) => pin(DEVICE, transport),
    pinCamera: (cameraId, transport) => pin(keyOf(cameraId), transport),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf(cameraId: string): string {
  return `${DEVICE}.${cameraId}`;
}

/** What an older version or a hand wrote may be anything. */
function asTransport(text: string | null): Transport | null {
  return text !== null && TRANSPORTS.includes(text) ? (text as Transport) : null; // it is one of the list
}
