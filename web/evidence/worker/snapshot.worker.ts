import { toJpeg } from "../../lib/jpeg.ts";
import { laterByTimer } from "../../lib/later.ts";
import { rpcServe } from "../../lib/rpc.ts";
import type { SnapshotApi } from "../snapshot-protocol.ts";
import { decodeKeyFrame } from "./decode-key-frame.ts";
import { createKeyFrameWait } from "./key-frame-wait.ts";
import { createTakeSnapshot } from "./take-snapshot.ts";

rpcServe<SnapshotApi>(self, {
  async take({ port, cameraId, streams }) {
    const waitForKeyFrame = createKeyFrameWait({ port, nowMs: Date.now, later: laterByTimer });
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
