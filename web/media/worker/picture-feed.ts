import type { AccessUnit } from "#contract/access-unit.ts";
import type { StreamFormat } from "#contract/cameras.ts";
import type { TransportFailure } from "../session-facts.ts";

/** What is used of a VideoDecoder. It is closed after an error. */
export type Decoder = {
  /** Pictures given and not yet taken up. */
  queueSize(): number;
  decode(unit: AccessUnit): void;
  close(): void;
};

export type DecoderEvents<Frame> = { onFrame(frame: Frame): void; onError(error: Error): void };

type PictureFeedDeps<Frame extends { close(): void }> = {
  /** The first of these that this browser supports; null where none is. */
  pickConfig(format: StreamFormat): Promise<VideoDecoderConfig | null>;
  createDecoder(config: VideoDecoderConfig, events: DecoderEvents<Frame>): Decoder;
  nowMs: () => number;
  /** Takes ownership of `frame`. */
  onFrame(frame: Frame): void;
  onFailed(failure: TransportFailure): void;
};

/** While more pictures wait to be decoded, one is drawn this often, so that a slow decoder still shows something. */
const CATCHING_UP_DRAW_MS = 100;
/** More waiting pictures than this for this long: the decoder is too slow, and goes on from the next key frame. */
const LATE = { pictures: 20, forMs: 3_000 };
/** Units kept while the decoder is chosen: a long group of pictures. */
const MOST_WAITING = 600;
const MOST_ERRORS = 5;

/** One subscription's pictures: encoded ones in, the newest decoded one out. Forgiving: an error waits for a key frame. */
export function createPictureFeed<Frame extends { close(): void }>(deps: PictureFeedDeps<Frame>) {
  const { nowMs } = deps;
  let config: VideoDecoderConfig | null = null;
  let decoder: Decoder | null = null;
  let waiting: AccessUnit[] = [];
  let needsKeyFrame = true;
  let errors = 0;
  let drawnAtMs: number | null = null;
  let lateSinceMs: number | null = null;
  let wanted: StreamFormat | null = null;
  let isStopped = false;

  function reset(): void {
    decoder?.close();
    decoder = null;
    needsKeyFrame = true;
    lateSinceMs = null;
  }

  function take(unit: AccessUnit): void {
    if (isStopped) return;
    if (config) decode(unit, config);
    else {
      if (unit.keyFrame || waiting.length >= MOST_WAITING) waiting = [];
      waiting.push(unit);
    }
  }

  function decode(unit: AccessUnit, using: VideoDecoderConfig): void {
    if (isTooLate()) reset();
    if (unit.discontinuity) needsKeyFrame = true;
    if (needsKeyFrame && !unit.keyFrame) return;
    needsKeyFrame = false;
    drawnAtMs ??= nowMs(); // the replayed group of pictures: straight to its end, where that is quick
    decoder ??= deps.createDecoder(using, { onFrame, onError });
    decoder.decode(unit);
  }

  function isTooLate(): boolean {
    if (!decoder || decoder.queueSize() <= LATE.pictures) lateSinceMs = null;
    else lateSinceMs ??= nowMs();
    return lateSinceMs !== null && nowMs() - lateSinceMs > LATE.forMs;
  }

  function onFrame(frame: Frame): void {
    const isCatchingUp = decoder !== null && decoder.queueSize() > 1;
    const wasDrawnLately = drawnAtMs !== null && nowMs() - drawnAtMs < CATCHING_UP_DRAW_MS;
    if (isStopped || (isCatchingUp && wasDrawnLately)) {
      frame.close();
      return;
    }
    drawnAtMs = nowMs();
    errors = 0;
    deps.onFrame(frame);
  }

  function onError(error: Error): void {
    decoder = null;
    needsKeyFrame = true;
    errors += 1;
    if (errors < MOST_ERRORS || isStopped) return;
    stop();
    deps.onFailed({ kind: "broken", detail: `The decoder gave up: ${error.message}` });
  }

  function stop(): void {
    isStopped = true;
    waiting = [];
    reset();
  }

  return {
    take,
    async setFormat(format: StreamFormat): Promise<void> {
      const isSame = wanted?.codec === format.codec && wanted.widthPx === format.widthPx;
      wanted = format;
      if (isSame) return;
      config = null;
      const picked = await deps.pickConfig(format);
      if (isStopped || wanted.codec !== format.codec || wanted.widthPx !== format.widthPx) return;
      if (!picked) {
        stop();
        deps.onFailed({ kind: "unsupported", detail: `This browser cannot decode ${format.codec}.` });
        return;
      }
      config = picked;
      reset();
      const kept = waiting;
      waiting = [];
      for (const unit of kept) take(unit);
    },
    /** Pictures are missing: what comes next decodes only from a key frame on. */
    interrupt(): void {
      needsKeyFrame = true;
      waiting = [];
    },
    stop,
  };
}
export type PictureFeed = Pick<
  ReturnType<typeof createPictureFeed>,
  "take" | "setFormat" | "interrupt" | "stop"
>;
