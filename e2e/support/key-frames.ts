import { WebSocket } from "ws";
import { parseAccessUnit } from "#contract/access-unit.ts";
import { paths } from "#contract/paths.ts";
import type { TapRequest } from "#contract/taps.ts";

export type KeyFrames = {
  /** Since the last call, of how many cameras. */
  takeSeen(): { pictures: number; cameras: number };
  close(): void;
};

/** Takes key frames of these cameras as a station does that analyses them: they are tapped from now on. */
export async function takeKeyFrames(gatewayUrl: string, cameraIds: string[]): Promise<KeyFrames> {
  const socket = new WebSocket(gatewayUrl.replace("http", "ws") + paths.taps);
  socket.binaryType = "arraybuffer";
  const seen = new Map<number, number>();
  socket.on("message", (data, isBinary) => {
    if (!isBinary) return;
    // arraybuffer was asked for above
    const { subscriptionId } = parseAccessUnit(data as ArrayBuffer);
    seen.set(subscriptionId, (seen.get(subscriptionId) ?? 0) + 1);
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  for (const [id, cameraId] of cameraIds.entries()) {
    const request: TapRequest = { type: "subscribe", id, cameraId, stream: "main", frames: "key" };
    socket.send(JSON.stringify(request));
  }
  return {
    takeSeen() {
      const counts = [...seen.values()];
      seen.clear();
      return { pictures: counts.reduce((total, count) => total + count, 0), cameras: counts.length };
    },
    close: () => socket.close(),
  };
}
