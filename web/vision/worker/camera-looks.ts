import type { AccessUnit } from "#contract/access-unit.ts";
import type { Picture } from "../detector.ts";
import {
  type CameraPictures,
  createCameraPictures,
  type OpenStream,
  type PictureDecoder,
} from "./camera-pictures.ts";
import type { TapFrames } from "./key-frame-rhythm.ts";
import { createMotionPolicy, type MotionPolicy } from "./motion-policy.ts";
import type { Prepared } from "./picture-pipeline.ts";

export type CameraLooksDeps<Frame> = {
  createKeyFrameDecoder(): PictureDecoder<Frame>;
  openStream: OpenStream<Frame>;
  /** Gives a frame back that nobody needs any more. */
  releaseFrame(frame: Frame): void;
  /** Copies the frame's pixels, once; does not release it. */
  readFrame(frame: Frame): Promise<Picture>;
  isOld(cameraId: string, receivedAtMs: number): boolean;
  /** Somebody is followed or a happening runs at this camera. */
  isBusy(cameraId: string): boolean;
  onPicture(cameraId: string): void;
  onStage(stage: "decode" | "copy" | "gate", ms: number): void;
};

/** Multiples of the golden ratio, modulo 1, lie evenly spread, however many they are. */
const GOLDEN_RATIO = 0.618_033_988_75;

type Camera<Frame> = { pictures: CameraPictures<Frame>; motion: MotionPolicy; moved: boolean };

/** Of each camera its newest picture, and whether it shows anything new. */
export function createCameraLooks<Frame>(deps: CameraLooksDeps<Frame>) {
  const cameras = new Map<string, Camera<Frame>>();
  let opened = 0;

  function open(cameraId: string): Camera<Frame> {
    opened += 1;
    return {
      pictures: createCameraPictures<Frame>({
        createKeyFrameDecoder: deps.createKeyFrameDecoder,
        openStream: deps.openStream,
        release: deps.releaseFrame,
        isOld: (receivedAtMs) => deps.isOld(cameraId, receivedAtMs),
        onPicture: () => deps.onPicture(cameraId),
      }),
      motion: createMotionPolicy({
        isBusy: () => deps.isBusy(cameraId),
        phase: (opened * GOLDEN_RATIO) % 1,
      }),
      moved: false,
    };
  }

  async function copied(frame: Frame): Promise<Picture> {
    const startedAtMs = performance.now();
    try {
      return await deps.readFrame(frame);
    } finally {
      deps.releaseFrame(frame);
      deps.onStage("copy", performance.now() - startedAtMs);
    }
  }

  return {
    /** Takes pictures of exactly these cameras from now on. */
    setCameras(cameraIds: { has(cameraId: string): boolean; keys(): Iterable<string> }): void {
      for (const [cameraId, { pictures }] of [...cameras]) {
        if (cameraIds.has(cameraId)) continue;
        cameras.delete(cameraId);
        pictures.close();
      }
      for (const cameraId of cameraIds.keys()) {
        if (!cameras.has(cameraId)) cameras.set(cameraId, open(cameraId));
      }
    },
    push(cameraId: string, unit: AccessUnit, codec: string | null, frames: TapFrames): void {
      cameras.get(cameraId)?.pictures.push(unit, codec, frames);
    },
    endStream: (cameraId: string) => cameras.get(cameraId)?.pictures.endStream(),
    /** Something moved in its newest picture, or is known to be there. */
    isBusy: (cameraId: string): boolean => Boolean(cameras.get(cameraId)?.moved) || deps.isBusy(cameraId),
    /** The newest picture, decoded, copied and weighed. Null when there is none. One call a camera at a time. */
    async prepare(cameraId: string): Promise<Prepared<Picture> | null> {
      const camera = cameras.get(cameraId);
      const taken = await camera?.pictures.take();
      if (!camera || !taken) return null;
      const { frame, receivedAtMs, decodeMs } = taken;
      if (decodeMs > 0) deps.onStage("decode", decodeMs);
      const look = await copied(frame);
      const startedAtMs = performance.now();
      const verdict = camera.motion.judge(look, receivedAtMs);
      deps.onStage("gate", performance.now() - startedAtMs);
      camera.moved = verdict.kind === "look" && verdict.moved;
      return { kind: verdict.kind, look, receivedAtMs };
    },
    /** A picture that was to be looked at was not. */
    lost: (cameraId: string) => cameras.get(cameraId)?.motion.lost(),
  };
}
export type CameraLooks<Frame> = ReturnType<typeof createCameraLooks<Frame>>;
