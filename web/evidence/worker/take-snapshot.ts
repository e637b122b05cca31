import type { CameraStream } from "#contract/cameras.ts";
import { EVIDENCE_LIMIT } from "#contract/evidence.ts";
import { type Jpeg, sha256Hex } from "../../lib/jpeg.ts";
import type { SnapshotOutcome } from "../snapshot-protocol.ts";
import type { KeyFrame, WaitForKeyFrame } from "./key-frame-wait.ts";

type TakeSnapshotDeps<Frame extends { close(): void }> = {
  waitForKeyFrame: WaitForKeyFrame;
  /** Null where this browser cannot decode it. */
  decode(keyFrame: KeyFrame): Promise<Frame | null>;
  encode(frame: Frame, limitBytes: number): Promise<Jpeg>;
};

/** One picture of a camera as it is now; of the next stream where the browser cannot decode the one before. */
export function createTakeSnapshot<Frame extends { close(): void }>(deps: TakeSnapshotDeps<Frame>) {
  return async function takeSnapshot(cameraId: string, streams: CameraStream[]): Promise<SnapshotOutcome> {
    let left = streams;
    while (left.length > 0) {
      const keyFrame = await deps.waitForKeyFrame(cameraId, left);
      if (!keyFrame) break;
      const frame = await deps.decode(keyFrame);
      if (frame) return { kind: "taken", picture: await pictureOf(frame, keyFrame) };
      left = left.filter((stream) => stream !== keyFrame.stream);
    }
    const failure = left.length === 0 ? "unsupported_codec" : "no_picture";
    return { kind: "failed", failure };
  };

  async function pictureOf(frame: Frame, { unit }: KeyFrame) {
    try {
      const { bytes, widthPx, heightPx } = await deps.encode(frame, EVIDENCE_LIMIT.bytes);
      const sha256 = await sha256Hex(bytes);
      return { bytes, sha256, widthPx, heightPx, takenAtMs: Math.round(unit.receivedAtMs) };
    } finally {
      frame.close();
    }
  }
}
