import type { EventRecord } from "#contract/events.ts";
import { QueueDetectedPayload } from "#contract/payloads.ts";

/** The newest word about each camera's queue, by camera id. */
export type QueueBoard = Record<string, { atMs: number; payload: QueueDetectedPayload }>;

/** A start without an end for longer than this is a station that went away, not a queue. */
const FORGOTTEN_MS = 4 * 3_600_000;

/** The queue that runs at a camera now, if one does. */
export function runningQueue(
  board: QueueBoard,
  cameraId: string,
  nowMs: number,
): QueueDetectedPayload | null {
  const word = board[cameraId];
  if (!word || word.payload.state === "ended" || nowMs - word.atMs > FORGOTTEN_MS) return null;
  return word.payload;
}

/** The board after these events, in any order; a later one of a camera wins, and of equal times an end wins. */
export function withQueueEvents(board: QueueBoard, events: EventRecord[]): QueueBoard {
  const next = { ...board };
  for (const event of events) {
    if (event.event_name !== "queue.detected" || !event.camera_id) continue;
    const payload = QueueDetectedPayload.safeParse(event.payload);
    if (!payload.success) continue;
    const atMs = Date.parse(event.ts);
    const known = next[event.camera_id];
    const isNewer = !known || atMs > known.atMs || (atMs === known.atMs && payload.data.state === "ended");
    if (isNewer) next[event.camera_id] = { atMs, payload: payload.data };
  }
  return next;
}
