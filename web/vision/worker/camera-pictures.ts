import type { AccessUnit } from "#contract/access-unit.ts";
import type { KeyFrame } from "./key-frame-decoder.ts";
import type { TapFrames } from "./key-frame-rhythm.ts";
import type { DecodedFrame, StreamDecoder } from "./stream-decoder.ts";

export type PictureDecoder<Frame> = { decode(picture: KeyFrame): Promise<Frame>; close(): void };
export type OpenStream<Frame> = (onFrame: (decoded: DecodedFrame<Frame>) => void) => StreamDecoder;

type CameraPicturesDeps<Frame> = {
  createKeyFrameDecoder(): PictureDecoder<Frame>;
  openStream: OpenStream<Frame>;
  release(frame: Frame): void;
  /** Sent again from the gateway's store, and looked at before. */
  isOld(receivedAtMs: number): boolean;
  /** There is a newer picture to take than before. */
  onPicture(): void;
};

/** `decodeMs` is 0 where the frame was decoded as it came. */
export type TakenPicture<Frame> = { frame: Frame; receivedAtMs: number; decodeMs: number };

type InHand<Frame> =
  | { kind: "encoded"; keyFrame: KeyFrame; receivedAtMs: number }
  | { kind: "decoded"; frame: Frame; receivedAtMs: number };

/**
 * The newest picture of one camera, of whichever of the two ways it came by: a key frame, decoded only when it is
 * taken, or the newest frame of a stream that is decoded as it comes. One picture at most is in hand; what a newer one
 * replaces is closed at once, since a decoder stalls when its frames are kept.
 */
export function createCameraPictures<Frame>(deps: CameraPicturesDeps<Frame>) {
  const keyFrames = deps.createKeyFrameDecoder();
  let stream: StreamDecoder | null = null;
  let inHand: InHand<Frame> | null = null;

  function drop(): void {
    if (inHand?.kind === "decoded") deps.release(inHand.frame);
    inHand = null;
  }

  /** What the gateway sends again when a subscription changes is older than what is in hand. */
  function isNews(receivedAtMs: number, replayed: boolean): boolean {
    if (!replayed) return true;
    return !deps.isOld(receivedAtMs) && !(inHand && inHand.receivedAtMs >= receivedAtMs);
  }

  function hold(picture: InHand<Frame>): void {
    drop();
    inHand = picture;
    deps.onPicture();
  }

  function onFrame({ frame, receivedAtMs, replayed }: DecodedFrame<Frame>): void {
    if (isNews(receivedAtMs, replayed)) hold({ kind: "decoded", frame, receivedAtMs });
    else deps.release(frame);
  }

  async function decoded(keyFrame: KeyFrame, receivedAtMs: number): Promise<TakenPicture<Frame>> {
    const startedAtMs = performance.now();
    const frame = await keyFrames.decode(keyFrame);
    return { frame, receivedAtMs, decodeMs: performance.now() - startedAtMs };
  }

  return {
    push(unit: AccessUnit, codec: string | null, frames: TapFrames): void {
      const { data, keyFrame, ptsUs, receivedAtMs, replayed } = unit;
      if (frames === "all") {
        stream ??= deps.openStream(onFrame);
        stream.push({ data, keyFrame, codec, ptsUs, receivedAtMs, replayed });
      } else if (keyFrame && isNews(receivedAtMs, replayed)) {
        hold({ kind: "encoded", keyFrame: { data, codec, ptsUs }, receivedAtMs });
      }
    },
    /** All pictures are read no more, key frames suffice. The picture in hand stays. */
    endStream(): void {
      stream?.close();
      stream = null;
    },
    has: () => inHand !== null,
    /** The newest picture, decoded; the caller owns the frame. Null when there is none. One call at a time. */
    async take(): Promise<TakenPicture<Frame> | null> {
      const taken = inHand;
      inHand = null;
      if (!taken) return null;
      if (taken.kind === "encoded") return decoded(taken.keyFrame, taken.receivedAtMs);
      return { frame: taken.frame, receivedAtMs: taken.receivedAtMs, decodeMs: 0 };
    },
    close(): void {
      keyFrames.close();
      stream?.close();
      stream = null;
      drop();
    },
  };
}
export type CameraPictures<Frame> = ReturnType<typeof createCameraPictures<Frame>>;
