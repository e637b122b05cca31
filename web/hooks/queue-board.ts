import type { EventRecord } from "#contract/events.ts";
import { BUILT_IN_QUEUE } from "#contract/happenings.ts";
import { QueueDetectedPayload } from "#contract/payloads.ts";

type QueueWord = { atMs: number; payload: QueueDetectedPayload };

/** The newest word about each queue: by camera id, then by the rule that tells of it. */
export type QueueBoard = Record<string, Record<string, QueueWord>>;

/** A start without an end for longer than this is a station that went away, not a queue. */
const FORGOTTEN_MS = 4 * 3_600_000;

/** Under which rule the queue stands on the board that runs at a camera now, if one does; of several the longest. */
export function ruleOfRunningQueue(board: QueueBoard, cameraId: string, nowMs: number): string | null {
  const running = Object.entries(board[cameraId] ?? {}).filter(
    ([, { atMs, payload }]) => payload.state !== "ended" && nowMs - atMs <= FORGOTTEN_MS,
  );
  const [longest] = running.sort(([, a], [, b]) => b.payload.length - a.payload.length);
  return longest?.[0] ?? null;
}

/** The board after these events, in any order; a later one of a queue wins, and of equal times an end wins. */
export function withQueueEvents(board: QueueBoard, events: EventRecord[]): QueueBoard {
  const next = { ...board };
  for (const event of events) {
    if (event.event_name !== "queue.detected" || !event.camera_id) continue;
    const payload = QueueDetectedPayload.safeParse(event.payload);
    if (!payload.success) continue;
    const ofCamera = next[event.camera_id];
    const rule = ruleOf(event);
    const word = { atMs: Date.parse(event.ts), payload: payload.data };
    if (isNewer(word, ofCamera?.[rule])) next[event.camera_id] = { ...ofCamera, [rule]: word };
  }
  return next;
}

function ruleOf({ meta }: EventRecord): string {
  const id = meta?.rule_id;
  return typeof id === "string" ? id : BUILT_IN_QUEUE;
}

const isNewer = (word: QueueWord, known: QueueWord | undefined): boolean =>
  !known || word.atMs > known.atMs || (word.atMs === known.atMs && word.payload.state === "ended");
