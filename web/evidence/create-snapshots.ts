import type { CameraStream } from "#contract/cameras.ts";
import { rpcClient } from "../lib/rpc.ts";
import type { SnapshotApi, SnapshotOutcome } from "./snapshot-protocol.ts";

type SnapshotsDeps = {
  /** A port of the tap hub of its own. */
  connectTap: () => MessagePort;
  createWorker?: () => Worker;
  /** Whether this browser decodes pictures here at all. */
  isSupported?: () => boolean;
};

/**
 * Makes a picture of a camera from its tap: the kept key frame, decoded in a worker. Needs no station and no tile that
 * plays. Rejects only when the worker dies.
 */
export function createSnapshots({
  connectTap,
  createWorker = startWorker,
  isSupported = canDecode,
}: SnapshotsDeps) {
  return {
    /** `streams`: in the order of preference. */
    async take(cameraId: string, streams: CameraStream[]): Promise<SnapshotOutcome> {
      if (!isSupported()) return { kind: "failed", failure: "unsupported_browser" };
      const worker = createWorker(); // pictures are rare: nothing of it stays
      try {
        const client = rpcClient<SnapshotApi>(worker);
        worker.addEventListener("error", (event) => client.fail(new Error(event.message)));
        const port = connectTap();
        return await client.call("take", { port, cameraId, streams }, [port]);
      } finally {
        worker.terminate();
      }
    },
  };
}
export type Snapshots = ReturnType<typeof createSnapshots>;

/** Both are missing on plain http from another machine. */
const canDecode = (): boolean =>
  typeof VideoDecoder !== "undefined" && globalThis.crypto?.subtle !== undefined;

function startWorker(): Worker {
  return new Worker(new URL("./worker/snapshot.worker.ts", import.meta.url), {
    type: "module",
    name: "snapshot",
  });
}
