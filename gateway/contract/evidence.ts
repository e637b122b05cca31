import { z } from "zod";
import { FractionBox } from "./payloads.ts";

/**
 * Evidence: the picture of a moment, as JPEG, with what was found in it beside it as data. `PUT /api/media/{mediaId}`
 * brings one, `GET` gives it back. An id is a UUID that whoever made the picture chose; its bytes never change.
 */

/** A picture has at most so many bytes, and so many boxes beside it: those of the highest score. */
export const EVIDENCE_LIMIT = { bytes: 5 * 1024 * 1024, boxes: 40 };

/** Of a `PUT`. `facts` is `EvidenceFacts` as JSON in ASCII (`evidenceHeaders` writes both). */
export const EVIDENCE_HEADER = { sha256: "x-guarita-sha256", facts: "x-guarita-evidence" };

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits, lower case");

export const EvidenceBox = z.strictObject({
  label: z.string().min(1).max(60),
  score: z.number().min(0).max(1),
  box: FractionBox.strict(),
});
export type EvidenceBox = z.infer<typeof EvidenceBox>;

/** What is known of a picture besides its pixels. */
export const EvidenceFacts = z.strictObject({
  cameraId: z.uuid(),
  /** By the gateway's clock. */
  takenAtMs: z.int().min(0).max(8_640_000_000_000_000),
  /** Why it was taken: the kind of rule, or what a person said. */
  reason: z.string().trim().min(1).max(120),
  boxes: z.array(EvidenceBox).max(EVIDENCE_LIMIT.boxes),
});
export type EvidenceFacts = z.infer<typeof EvidenceFacts>;

/** `stored` and `duplicate` say the same to a sender: the gateway has it, and it may be forgotten here. */
export const EvidenceAnswer = z.object({ mediaId: z.uuid(), outcome: z.enum(["stored", "duplicate"]) });
export type EvidenceAnswer = z.infer<typeof EvidenceAnswer>;

/** `GET /api/media/{mediaId}/data`: a stored picture without its pixels. */
export const EvidenceData = z.object({
  ...EvidenceFacts.shape,
  mediaId: z.uuid(),
  sha256: Sha256,
  sizeBytes: z.int(),
  widthPx: z.int(),
  heightPx: z.int(),
  storedAtMs: z.number(),
});
export type EvidenceData = z.infer<typeof EvidenceData>;

/** `POST /api/cameras/{id}/snapshot` */
export const SnapshotRequest = z.strictObject({ reason: EvidenceFacts.shape.reason });
export type SnapshotRequest = z.infer<typeof SnapshotRequest>;

/**
 * The leave to take one picture. Whoever asked makes it, from the camera's tap, and brings it under this id; then the
 * gateway stores the event `camera.snapshot`, once.
 */
export const SnapshotTicket = z.object({
  mediaId: z.uuid(),
  madeBy: z.literal("asker"),
  /** A picture brought later is kept, without an event. */
  validUntilMs: z.number(),
});
export type SnapshotTicket = z.infer<typeof SnapshotTicket>;

/** The headers of a `PUT`. JSON is made ASCII, for a header holds nothing else. */
export function evidenceHeaders(sha256: string, facts: EvidenceFacts): Record<string, string> {
  const json = JSON.stringify(facts).replace(/[^\x20-\x7e]/g, asEscape);
  return { "content-type": "image/jpeg", [EVIDENCE_HEADER.sha256]: sha256, [EVIDENCE_HEADER.facts]: json };
}

const asEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The boxes that may travel with a picture, four digits each: finer than a pixel of any camera. */
export function boxesForEvidence(found: EvidenceBox[]): EvidenceBox[] {
  return found
    .toSorted((one, other) => other.score - one.score)
    .slice(0, EVIDENCE_LIMIT.boxes)
    .map(({ label, score, box: { left, top, width, height } }) => ({
      label: label.slice(0, 60),
      score: rounded(score),
      box: { left: rounded(left), top: rounded(top), width: rounded(width), height: rounded(height) },
    }));
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
