import { expect, test } from "vitest";
import { anEvent, anId, aQueuePayload } from "#contract/examples.ts";
import { type QueueBoard, ruleOfRunningQueue, withQueueEvents } from "./queue-board.ts";

const camera_id = anId();
const NOON_MS = Date.parse("2026-03-01T12:00:00Z");

function runningQueue(board: QueueBoard, cameraId: string, nowMs: number) {
  const rule = ruleOfRunningQueue(board, cameraId, nowMs);
  return rule === null ? null : board[cameraId]?.[rule]?.payload;
}

const word = (state: "started" | "ended", ts: string) =>
  anEvent({ camera_id, ts, payload: aQueuePayload({ state }) });

test("a queue runs from its start to its end, in whatever order the two are told", () => {
  const start = word("started", "2026-03-01T11:50:00Z");
  const end = word("ended", "2026-03-01T11:55:00Z");
  expect(runningQueue(withQueueEvents({}, [start]), camera_id, NOON_MS)?.length).toBe(3);
  expect(runningQueue(withQueueEvents({}, [start, end]), camera_id, NOON_MS)).toBe(null);
  expect(runningQueue(withQueueEvents(withQueueEvents({}, [end]), [start]), camera_id, NOON_MS)).toBe(null);
});

test("a start that nobody ended is forgotten after some hours", () => {
  const board = withQueueEvents({}, [word("started", "2026-03-01T07:00:00Z")]);
  expect(runningQueue(board, camera_id, NOON_MS)).toBe(null);
});

test("other events and broken payloads leave the board as it is", () => {
  const broken = anEvent({ camera_id, payload: { state: "sideways" } });
  const other = anEvent({ camera_id, event_name: "idle.detected" });
  expect(withQueueEvents({}, [broken, other])).toEqual({});
});

test("queues of several rules run beside each other, and the longest is shown", () => {
  const told = (rule_id: string, state: "started" | "ended", length: number, ts: string) =>
    anEvent({ camera_id, ts, payload: aQueuePayload({ state, length }), meta: { rule_id } });
  const both = withQueueEvents({}, [
    told("till", "started", 6, "2026-03-01T11:50:00Z"),
    told("bakery", "started", 4, "2026-03-01T11:51:00Z"),
  ]);
  expect(runningQueue(both, camera_id, NOON_MS)?.length).toBe(6);
  const one = withQueueEvents(both, [told("till", "ended", 0, "2026-03-01T11:52:00Z")]);
  expect(runningQueue(one, camera_id, NOON_MS)?.length).toBe(4);
});
