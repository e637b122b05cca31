import type { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import type { SnapshotTicket } from "#contract/evidence.ts";
import type { CameraSnapshotPayload } from "#contract/payloads.ts";
import { stableId } from "../kernel/ids.ts";
import type { SnapshotThrottle, Turn } from "./snapshot-throttle.ts";
import type { EvidenceRow } from "./store-evidence.ts";

export type StoredTicket = {
  mediaId: string;
  cameraId: string;
  reason: string;
  requestedBy: string;
  askedAtMs: number;
};

export type SnapshotTickets = {
  insert(ticket: StoredTicket): Promise<void>;
  find(mediaId: string): Promise<StoredTicket | null>;
  remove(mediaId: string): Promise<void>;
  removeBefore(beforeMs: number): Promise<void>;
  /** Those whose picture is here: a crash came between the picture and its event. */
  withPicture(): Promise<string[]>;
};

type SnapshotsDeps = {
  tickets: SnapshotTickets;
  throttle: SnapshotThrottle;
  /** Stores events; one whose receipt is known changes nothing. */
  record: (events: EventRecord[]) => Promise<void>;
  storeId: string;
  newId: () => string;
  nowMs: () => number;
};

/** As long as a picture may wait in a page that is away from its gateway. */
const TICKET_VALID_MS = 7 * 24 * 3_600_000;
/** Namespace of the receipts of snapshots; it never changes, or a picture brought twice would be told twice. */
const SNAPSHOT_NAMESPACE = "b4a8d7de-5c31-4c7e-9d2f-0f8f6f0c5e21";

export type Asked = { kind: "granted"; ticket: SnapshotTicket } | Exclude<Turn, { kind: "granted" }>;

/**
 * Pictures on demand. A ticket is on disk before it is given out and until its event is, so that the event is told
 * exactly once whatever is killed in between: its receipt follows from the picture's id.
 */
export function createSnapshots({ tickets, throttle, record, storeId, newId, nowMs }: SnapshotsDeps) {
  return {
    async ask(cameraId: string, reason: string, requestedBy: string): Promise<Asked> {
      const turn = throttle(cameraId);
      if (turn.kind === "wait") return turn;
      const askedAtMs = nowMs();
      const mediaId = newId();
      await tickets.insert({ mediaId, cameraId, reason, requestedBy, askedAtMs });
      return {
        kind: "granted",
        ticket: { mediaId, madeBy: "asker", validUntilMs: askedAtMs + TICKET_VALID_MS },
      };
    },
    /** Tells of a picture that was asked for; any other is none of its business. */
    async onKept(row: EvidenceRow): Promise<void> {
      const ticket = await tickets.find(row.mediaId);
      if (!ticket || ticket.cameraId !== row.cameraId) return;
      if (nowMs() - ticket.askedAtMs <= TICKET_VALID_MS) await record([snapshotEvent(row, ticket, storeId)]);
      await tickets.remove(row.mediaId);
    },
    withPicture: () => tickets.withPicture(),
    forgetOld: () => tickets.removeBefore(nowMs() - TICKET_VALID_MS),
  };
}
export type Snapshots = ReturnType<typeof createSnapshots>;

function snapshotEvent(
  row: EvidenceRow,
  { reason, requestedBy }: StoredTicket,
  storeId: string,
): EventRecord {
  const payload: z.infer<typeof CameraSnapshotPayload> = {
    media_id: row.mediaId,
    sha256: row.sha256,
    width: row.widthPx,
    height: row.heightPx,
    reason,
    requested_by: requestedBy,
  };
  return {
    receipt_id: stableId(row.mediaId, SNAPSHOT_NAMESPACE),
    event_name: "camera.snapshot",
    ts: new Date(row.takenAtMs).toISOString(),
    store_id: storeId,
    source: "backend",
    camera_id: row.cameraId,
    payload,
  };
}
