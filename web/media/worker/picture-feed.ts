import type { AccessUnit } from "#contract/access-unit.ts";
import type { StreamFormat } from "#contract/cameras.ts";
import type { TransportFailure } from "../session-facts.ts";
import { createLag } from "./lag.ts";
import type { PictureFacts } from "./tile-figures.ts";

/** What is used of a VideoDecoder. It is closed after an error. */
export type Decoder = {
  /** Pictures given and not yet taken up. */
  queueSize(): number;
  decode(unit: AccessUnit): void;
  close(): void;
};

export type DecoderEvents<Frame> = { onFrame(frame: Frame): void; onError(error: Error): void };

/** What is used of a VideoFrame: `timestamp` is its unit's `ptsUs`, in whole microseconds. */
type FrameLike = { timestamp: number; close(): void };

export type PictureFeedEvents<Frame> = {
  /** Takes ownership of `frame`. */
  onFrame(frame: Frame, facts: PictureFacts): void;
  /** Live pictures that are not shown. */
  onDropped(pictures: number): void;
  onFailed(failure: TransportFailure): void;
};

type PictureFeedDeps<Frame extends FrameLike> = PictureFeedEvents<Frame> & {
  /** The first of these that this browser supports; null where none is. */
  pickConfig(format: StreamFormat): Promise<VideoDecoderConfig | null>;
  createDecoder(config: VideoDecoderConfig, events: DecoderEvents<Frame>): Decoder;
  nowMs: () => number;
};

/** A device farther behind than this draws less, so that it catches up. */
const BEHIND_MS = 150;
/** While pictures wait, one is drawn this often, so that a slow device still shows something: or as rarely as it is late. */
const CATCHING_UP_DRAW_MS = { most: 100, least: 1_000 };
/** More waiting pictures than this for this long: the decoder is too slow, and goes on from the next key frame. */
const LATE = { pictures: 20, forMs: 3_000 };
/** Units kept while the decoder is chosen: a long group of pictures. */
const MOST_WAITING = 600;
const MOST_ERRORS = 5;
/** A decoder that swallows pictures must not fill the memory; it never holds so many. */
const MOST_IN_DECODER = 2 * MOST_WAITING;

/** One subscription's pictures: encoded ones in, the newest decoded one out. Forgiving: an error waits for a key frame. */
export function createPictureFeed<Frame extends FrameLike>(deps: PictureFeedDeps<Frame>) {
  const { nowMs } = deps;
  let config: VideoDecoderConfig | null = null;
  let decoder: Decoder | null = null;
  let waiting: AccessUnit[] = [];
  /** Of the pictures in the decoder, by their timestamp. */
  const inDecoder = new Map<number, PictureFacts>();
  let needsKeyFrame = true;
  let errors = 0;
  const lagMs = createLag(nowMs);
  let drawnAtMs: number | null = null;
  let lateSinceMs: number | null = null;
  let wanted: StreamFormat | null = null;
  let isStopped = false;

  function reset(): void {
    decoder?.close();
    decoder = null;
    dropInDecoder();
    needsKeyFrame = true;
    lateSinceMs = null;
  }

  function dropInDecoder(): void {
    for (const facts of inDecoder.values()) drop(facts);
    inDecoder.clear();
  }

  function drop({ replayed }: Pick<PictureFacts, "replayed">): void {
    if (!replayed && !isStopped) deps.onDropped(1);
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
    if (needsKeyFrame && !unit.keyFrame) {
      drop(unit);
      return;
    }
    needsKeyFrame = false;
    drawnAtMs ??= nowMs(); // the replayed group of pictures: straight to its end, where that is quick
    decoder ??= deps.createDecoder(using, { onFrame, onError });
    const { receivedAtMs, keyFrame, replayed } = unit;
    inDecoder.set(Math.trunc(unit.ptsUs), { receivedAtMs, keyFrame, replayed });
    const [oldest] = inDecoder.keys();
    if (inDecoder.size > MOST_IN_DECODER && oldest !== undefined) inDecoder.delete(oldest);
    decoder.decode(unit);
  }

  function isTooLate(): boolean {
    if (!decoder || decoder.queueSize() <= LATE.pictures) lateSinceMs = null;
    else lateSinceMs ??= nowMs();
    return lateSinceMs !== null && nowMs() - lateSinceMs > LATE.forMs;
  }

  function onFrame(frame: Frame): void {
    const facts = inDecoder.get(frame.timestamp);
    inDecoder.delete(frame.timestamp);
    if (isStopped || !facts || isLeftOut(facts)) {
      frame.close();
      if (facts) drop(facts);
      return;
    }
    drawnAtMs = nowMs();
    errors = 0;
    deps.onFrame(frame, facts);
  }

  /** Drawing costs more than decoding: the more behind, the rarer it is. */
  function isLeftOut({ receivedAtMs, replayed }: PictureFacts): boolean {
    const behindMs = replayed ? 0 : lagMs(receivedAtMs);
    const isCatchingUp = behindMs > BEHIND_MS || (decoder !== null && decoder.queueSize() > 1);
    if (!isCatchingUp || drawnAtMs === null) return false;
    const { most, least } = CATCHING_UP_DRAW_MS;
    return nowMs() - drawnAtMs < Math.min(Math.max(most, behindMs), least);
  }

  function onError(error: Error): void {
    decoder = null;
    dropInDecoder();
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
    /** What decodes, once it is chosen. */
    decoderName: () => config && decoderName(config),
    stop,
  };
}

function decoderName({ hardwareAcceleration }: VideoDecoderConfig): string {
  return hardwareAcceleration === "prefer-software" ? "WebCodecs (software)" : "WebCodecs";
}

export type PictureFeed = Pick<
  ReturnType<typeof createPictureFeed>,
  "take" | "setFormat" | "interrupt" | "decoderName" | "stop"
>;
