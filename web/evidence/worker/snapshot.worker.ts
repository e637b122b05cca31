import { toJpeg } from "../../lib/jpeg.ts";
import { rpcServe } from "../../lib/rpc.ts";
import type { SnapshotApi } from "../snapshot-protocol.ts";
import { decodeKeyFrame } from "./decode-key-frame.ts";
import { createKeyFrameWait } from "./key-frame-wait.ts";
import { createTakeSnapshot } from "./take-snapshot.ts";

function later(work: () => void, afterMs: number): () => void {
  const timer = setTimeout(work, afterMs);
  return () => clearTimeout(timer);
}

rpcServe<SnapshotApi>(self, {
  async take({ port, cameraId, streams }) {
    const waitForKeyFrame = createKeyFrameWait({ port, nowMs: Date.now, later });
    try {
      return await createTakeSnapshot({ waitForKeyFrame, decode: decodeKeyFrame, encode: toJpeg })(
        cameraId,
        streams,
      );
    } finally {
      port.postMessage({ type: "close" });
    }
  },
});
