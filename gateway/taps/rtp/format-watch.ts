import type { StreamFormat } from "#contract/cameras.ts";
import type { VideoCodec } from "./video-codec.ts";

/** Pictures from which the rate is taken, and by how much it must differ to be told again: readers start anew then. */
const RATE_PICTURES = 30;
const RATE_CHANGE = 0.3;
/** Pictures before measuring: the first ones come without the B-frames that lie between them. */
const WARM_UP_PICTURES = 8;
/** One timestamp that goes back may be a camera's slip. */
const BACKWARDS_NEEDED = 2;

/** Learns a stream's format from its parameter sets and timestamps, and tells each change once. */
export function createFormatWatch(deps: {
  codec: VideoCodec;
  /** From the SDP, where it says. */
  fps: number | undefined;
  onFormat: (format: StreamFormat) => void;
}) {
  let format: StreamFormat | undefined;
  let fps = deps.fps;
  let hasBFrames = false;
  let maxPtsUs = Number.NEGATIVE_INFINITY;
  let backwards = 0;
  let windowStartUs: number | undefined;
  let pictures = 0;

  function tell(change: Partial<StreamFormat>): void {
    if (!format) return;
    format = { ...format, ...change };
    deps.onFormat(format);
  }

  function sps(nal: Buffer): void {
    const facts = deps.codec.readSps(nal);
    if (!facts) return;
    const known = format;
    const sameSize = known?.widthPx === facts.widthPx && known?.heightPx === facts.heightPx;
    if (known?.codec === facts.codec && sameSize) return;
    format = { family: deps.codec.family, ...facts, hasBFrames, ...(fps ? { fps } : {}) };
    deps.onFormat(format);
  }

  /** In decode order, every picture. */
  function picture(ptsUs: number): void {
    pictures += 1;
    if (ptsUs < maxPtsUs) {
      noteBackwards();
      return;
    }
    maxPtsUs = ptsUs;
    if (pictures >= (windowStartUs === undefined ? WARM_UP_PICTURES : RATE_PICTURES)) measureRate();
  }

  function noteBackwards(): void {
    backwards += 1;
    if (hasBFrames || backwards < BACKWARDS_NEEDED) return;
    hasBFrames = true;
    tell({ hasBFrames });
  }

  /** From one newest picture to another: between them lie as many pictures as were decoded, B-frames or not. */
  function measureRate(): void {
    const seen = (pictures * 1_000_000) / (maxPtsUs - (windowStartUs ?? maxPtsUs));
    windowStartUs = maxPtsUs;
    pictures = 0;
    if (!(seen > 0 && seen <= 1_000) || (fps && Math.abs(seen - fps) < fps * RATE_CHANGE)) return;
    fps = Math.round(seen * 10) / 10;
    tell({ fps });
  }

  return { sps, picture, format: () => format };
}
