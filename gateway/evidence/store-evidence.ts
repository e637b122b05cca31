import { createHash } from "node:crypto";
import type { EvidenceAnswer, EvidenceFacts } from "#contract/evidence.ts";
import { EVIDENCE_LIMIT } from "#contract/evidence.ts";
import type { Bus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";
import { diskTrouble } from "./disk-trouble.ts";
import { type EvidenceFiles, fileNameOf } from "./evidence-files.ts";
import { jpegSize } from "./jpeg-size.ts";

/** A picture as the table has it. `sweptAtMs`: when its file was given up, null while it is here. */
export type EvidenceRow = EvidenceFacts & {
  mediaId: string;
  sha256: string;
  sizeBytes: number;
  widthPx: number;
  heightPx: number;
  file: string;
  storedAtMs: number;
  sweptAtMs: number | null;
};

export type EvidenceRows = {
  /** On disk when it resolves. False when the id is taken, and nothing was changed. */
  insert(row: EvidenceRow): Promise<boolean>;
  find(mediaId: string): Promise<EvidenceRow | null>;
  /** Kept pictures stored before `beforeMs`, the oldest first. */
  storedBefore(
    beforeMs: number,
    limit: number,
  ): Promise<{ mediaId: string; file: string; sizeBytes: number }[]>;
  markSwept(mediaIds: string[], atMs: number): Promise<void>;
  /** Forgets pictures whose files were given up before `beforeMs`. */
  forgetSwept(beforeMs: number): Promise<void>;
  /** Of these files the ones that belong to a kept picture. */
  keptFiles(files: string[]): Promise<Set<string>>;
  totals(): Promise<{ pictures: number; bytes: number }>;
};

/** What a sender brings. Its id is a UUID in lower case. */
export type BroughtPicture = { mediaId: string; sha256: string; facts: EvidenceFacts; bytes: Uint8Array };

type StoreEvidenceDeps = {
  rows: EvidenceRows;
  files: EvidenceFiles;
  bus: Bus;
  newId: () => string;
  nowMs: () => number;
  /** Called once the picture is durable, before the answer; also for one that was here already. A throw is the answer. */
  onKept: (row: EvidenceRow) => Promise<void>;
};

/**
 * Stores a picture: the file first, whole and on disk, then its row, by which alone it is served. A crash in between
 * leaves a file without a row, which the sweep removes; the sender tries again.
 */
export function createStoreEvidence({ rows, files, bus, newId, nowMs, onKept }: StoreEvidenceDeps) {
  async function put(picture: BroughtPicture): Promise<{ row: EvidenceRow; isNew: boolean }> {
    const known = await rows.find(picture.mediaId);
    if (known) return { row: sameBytes(known, picture), isNew: false };
    const row = rowOf(picture, newId(), nowMs());
    await files.write(row.file, picture.bytes);
    let inserted = false;
    try {
      inserted = await rows.insert(row);
    } finally {
      if (!inserted) await files.remove(row.file);
    }
    if (inserted) return { row, isNew: true };
    const first = await rows.find(picture.mediaId); // the same id came twice at once
    if (!first) throw new Error(`the row of picture ${picture.mediaId} is neither new nor there`);
    return { row: sameBytes(first, picture), isNew: false };
  }

  return async function storeEvidence(picture: BroughtPicture): Promise<EvidenceAnswer> {
    check(picture);
    try {
      const { row, isNew } = await put(picture);
      await onKept(row);
      if (isNew) bus.emit("evidence.stored", { mediaId: row.mediaId, cameraId: row.cameraId });
      return { mediaId: row.mediaId, outcome: isNew ? "stored" : "duplicate" };
    } catch (error) {
      throw diskTrouble(error);
    }
  };
}
export type StoreEvidence = ReturnType<typeof createStoreEvidence>;

function check({ bytes, sha256 }: BroughtPicture): void {
  if (bytes.length > EVIDENCE_LIMIT.bytes) {
    throw new GatewayError("body_too_large", `A picture has at most ${EVIDENCE_LIMIT.bytes} bytes.`);
  }
  if (!jpegSize(bytes)) throw new GatewayError("unsupported_media_type", "The body is not a JPEG picture.");
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new GatewayError("invalid_body", "The picture does not have the SHA-256 that its header says.");
  }
}

/** An id names one picture for ever, also after its file was given up. */
function sameBytes(known: EvidenceRow, { sha256 }: BroughtPicture): EvidenceRow {
  if (known.sha256 === sha256) return known;
  throw new GatewayError("conflict", "Another picture has this id.");
}

function rowOf({ mediaId, sha256, facts, bytes }: BroughtPicture, id: string, atMs: number): EvidenceRow {
  const size = jpegSize(bytes);
  if (!size) throw new Error("the picture was checked and has no size");
  const file = fileNameOf(id, atMs);
  return {
    ...facts,
    ...size,
    mediaId,
    sha256,
    sizeBytes: bytes.length,
    file,
    storedAtMs: atMs,
    sweptAtMs: null,
  };
}
