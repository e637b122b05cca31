import { createHash } from "node:crypto";
import type { EvidenceFacts } from "#contract/evidence.ts";
import { anId } from "#contract/examples.ts";
import type { BroughtPicture } from "./store-evidence.ts";

/** The head and the end of a JPEG with `fill` between them: as much of one as the gateway reads. */
export function aJpeg({ widthPx = 64, heightPx = 48, fill = "picture" } = {}): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(heightPx, 5);
  frame.writeUInt16BE(widthPx, 7);
  const jfif = Buffer.from([0xff, 0xe0, 0, 4, 1, 2]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    jfif,
    frame,
    Buffer.from(fill),
    Buffer.from([0xff, 0xd9]),
  ]);
}

export const shaOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function someFacts(overrides: Partial<EvidenceFacts> = {}): EvidenceFacts {
  const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
  return {
    cameraId: anId(),
    takenAtMs: 1_700_000_000_000,
    reason: "queue",
    boxes: [{ label: "person", score: 0.9, box }],
    ...overrides,
  };
}

export function aPicture(overrides: Partial<BroughtPicture> = {}): BroughtPicture {
  const bytes = overrides.bytes ?? aJpeg();
  return { mediaId: anId(), sha256: shaOf(bytes), facts: someFacts(), ...overrides, bytes };
}
