import { boxesForEvidence, EVIDENCE_LIMIT, type EvidenceFacts } from "#contract/evidence.ts";
import { type Jpeg, sha256Hex, toJpeg } from "../../lib/jpeg.ts";
import type { Picture } from "../detector.ts";
import type { TakenPicture } from "../station.ts";
import { within } from "./rpc-worker.ts";

/** How an event names its picture. */
export type EvidenceLink = { mediaId: string; sha256: string };

/**
 * Makes the picture of a moment. `source` is copied during the call and stays the caller's; `takenAtMs` is by the
 * gateway's clock. Null when no picture could be made or kept: what happened is worth more than its picture.
 */
export type TakeEvidence<Source> = (source: Source, facts: EvidenceFacts) => Promise<EvidenceLink | null>;

type EvidencePictureDeps<Source, Frame> = {
  copy(source: Source): Frame;
  release(frame: Frame): void;
  encode(frame: Frame): Promise<Jpeg>;
  /** Resolves when the picture is safe from a reload. */
  keep(picture: TakenPicture): Promise<void>;
  newId(): string;
  onTrouble(what: string, cause: unknown): void;
};

/** One at a time: encoding is not to crowd out looking. Those that come meanwhile wait, up to a few. */
const MOST_WAITING = 4;
/** The event waits for its picture, no longer than this. */
const KEEP_AT_MOST_MS = 5_000;

export function createTakeEvidence<Source, Frame>(
  deps: EvidencePictureDeps<Source, Frame>,
): TakeEvidence<Source> {
  const { copy, release, encode, keep, newId, onTrouble } = deps;
  let busy = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function take(frame: Frame, { takenAtMs, boxes, ...facts }: EvidenceFacts): Promise<EvidenceLink> {
    const { bytes } = await encode(frame);
    const sha256 = await sha256Hex(bytes);
    const mediaId = newId();
    const fine = { ...facts, takenAtMs: Math.round(takenAtMs), boxes: boxesForEvidence(boxes) };
    await within(KEEP_AT_MOST_MS, keep({ mediaId, sha256, bytes, facts: fine }));
    return { mediaId, sha256 };
  }

  async function inTurn(source: Source, facts: EvidenceFacts): Promise<EvidenceLink> {
    const frame = copy(source);
    try {
      const mine = last.then(() => take(frame, facts));
      last = mine.catch(() => undefined); // told to whoever asked
      return await mine;
    } finally {
      release(frame);
    }
  }

  return async function takeEvidence(source, facts) {
    if (busy >= MOST_WAITING) return null;
    busy += 1;
    try {
      return await inTurn(source, facts);
    } catch (cause) {
      onTrouble(`no picture of an event of camera ${facts.cameraId} was kept`, cause);
      return null;
    } finally {
      busy -= 1;
    }
  };
}

/** The frame as the JPEG that evidence is. */
export const encodeEvidence = (frame: VideoFrame): Promise<Jpeg> => toJpeg(frame, EVIDENCE_LIMIT.bytes);

/** A copy of the picture's planes, so that its buffer may be used again at once. The caller closes it. */
export function frameOf({ widthPx, heightPx, bytes, pixels }: Picture): VideoFrame {
  const size = { codedWidth: widthPx, codedHeight: heightPx, timestamp: 0 };
  if (pixels.kind === "rgbx") {
    const layout = [{ offset: pixels.offset, stride: pixels.strideBytes }];
    return new VideoFrame(bytes as Uint8Array<ArrayBuffer>, { ...size, format: "RGBX", layout });
  }
  const { y, u, v, matrix, fullRange } = pixels;
  const isInterleaved = u.stepBytes === 2;
  const planes = isInterleaved ? [y, u] : [y, u, v];
  const primaries = matrix === "bt709" ? "bt709" : "smpte170m";
  return new VideoFrame(bytes as Uint8Array<ArrayBuffer>, {
    ...size,
    format: isInterleaved ? "NV12" : "I420",
    layout: planes.map(({ offset, strideBytes }) => ({ offset, stride: strideBytes })),
    colorSpace: {
      matrix: matrix === "bt709" ? "bt709" : "smpte170m",
      primaries,
      transfer: primaries,
      fullRange,
    },
  });
}
