import {
  boxesForEvidence,
  EVIDENCE_LIMIT,
  type EvidenceBox,
  type EvidenceFacts,
} from "#contract/evidence.ts";
import { type Jpeg, sha256Hex, toJpeg } from "../../lib/jpeg.ts";
import type { Picture } from "../detector.ts";

/** A picture on its way to whoever keeps it until the gateway has it. */
export type TakenPicture = {
  mediaId: string;
  sha256: string;
  /** The JPEG; may be transferred. */
  bytes: ArrayBuffer;
  facts: EvidenceFacts;
};

/** How an event names its picture. */
export type EvidenceLink = { mediaId: string; sha256: string };

/**
 * Makes the picture of a moment. `frame` is read before the promise resolves and stays the caller's; `atMs` is by the
 * gateway's clock. Null when no picture could be made or kept: what happened is worth more than its picture.
 */
export type TakeEvidence<Frame> = (
  cameraId: string,
  frame: Frame,
  boxes: EvidenceBox[],
  reason: string,
  atMs: number,
) => Promise<EvidenceLink | null>;

type EvidencePictureDeps<Frame> = {
  encode(frame: Frame): Promise<Jpeg>;
  /** Resolves when the picture is safe from a reload. */
  keep(picture: TakenPicture): Promise<void>;
  newId(): string;
  onTrouble(what: string, cause: unknown): void;
};

/** One at a time: encoding is not to crowd out looking. Those that come meanwhile wait, up to a few. */
const MOST_WAITING = 4;

export function createTakeEvidence<Frame>(deps: EvidencePictureDeps<Frame>): TakeEvidence<Frame> {
  const { encode, keep, newId, onTrouble } = deps;
  let busy = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function take(...[cameraId, frame, boxes, reason, atMs]: Parameters<TakeEvidence<Frame>>) {
    const { bytes } = await encode(frame);
    const sha256 = await sha256Hex(bytes);
    const mediaId = newId();
    const facts = { cameraId, takenAtMs: Math.round(atMs), reason, boxes: boxesForEvidence(boxes) };
    await keep({ mediaId, sha256, bytes, facts });
    return { mediaId, sha256 };
  }

  return async function takeEvidence(...asked) {
    if (busy >= MOST_WAITING) return null;
    busy += 1;
    const mine = last.then(() => take(...asked));
    last = mine.catch(() => undefined); // whoever asked for it is told below
    try {
      return await mine;
    } catch (cause) {
      onTrouble(`no picture of an event of camera ${asked[0]} was kept`, cause);
      return null;
    } finally {
      busy -= 1;
    }
  };
}

/** A decoded frame, or the planes that were read from one. */
export async function encodePicture(source: VideoFrame | Picture): Promise<Jpeg> {
  if (source instanceof VideoFrame) return toJpeg(source, EVIDENCE_LIMIT.bytes);
  const frame = frameOf(source);
  try {
    return await toJpeg(frame, EVIDENCE_LIMIT.bytes);
  } finally {
    frame.close();
  }
}

/** A copy of the picture's planes, so that its buffer may be used again at once. */
function frameOf({ widthPx, heightPx, bytes, pixels }: Picture): VideoFrame {
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
