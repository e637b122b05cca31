import { expect, test } from "vitest";
import { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import { QueueDetectedPayload, VisionMetricsPayload } from "#contract/payloads.ts";
import { metricsEvent, queueEvent } from "./station-events.ts";

const origin = { storeId: STORE_ID, cameraId: anId() };
const by = { model: "yolox-nano", executionProvider: "wasm" };
const window = {
  startAtMs: Date.UTC(2026, 2, 1, 12, 0),
  framesAnalysed: 3,
  framesSkipped: 1,
  detectMsSum: 100,
  labels: { person: { sum: 4, max: 2 } },
  trackIds: [4, 5],
};

test("a minute becomes a valid event, at the end of its minute", () => {
  const event = metricsEvent(origin, window, by);
  expect(EventRecord.parse(event).ts).toBe("2026-03-01T12:01:00.000Z");
  expect(VisionMetricsPayload.parse(event.payload)).toMatchObject({
    window_start: "2026-03-01T12:00:00.000Z",
    counts: { person: { mean: 1.333, max: 2 } },
    unique_tracks: 2,
    frames_analysed: 3,
    frames_skipped: 1,
    ms_per_frame: 33.333,
  });
});

test("two stations give the same minute of a camera the same receipt, and no other", () => {
  const receipt = metricsEvent(origin, window, by).receipt_id;
  const elsewhere = metricsEvent(origin, { ...window, framesAnalysed: 1 }, { ...by, model: "other" });
  expect(elsewhere.receipt_id).toBe(receipt);
  const later = { ...window, startAtMs: window.startAtMs + 60_000 };
  expect(metricsEvent(origin, later, by).receipt_id).not.toBe(receipt);
  expect(metricsEvent({ ...origin, cameraId: anId() }, window, by).receipt_id).not.toBe(receipt);
});

test("a receipt of a window never changes: the gateway knows old ones", () => {
  const fixed = { storeId: STORE_ID, cameraId: "018f0000-0000-7000-8000-0000000000ff" };
  expect(metricsEvent(fixed, window, by).receipt_id).toMatchInlineSnapshot(
    `"cae158df-b995-5373-85c3-bdfc46ddaa58"`,
  );
});

test("a queue becomes a valid event with a receipt of its own", () => {
  const happening = {
    state: "ended" as const,
    atMs: Date.UTC(2026, 2, 1, 12, 0, 9),
    startedAtMs: Date.UTC(2026, 2, 1, 12, 0, 0),
    durationMs: 4_200,
    length: 1,
    maxLength: 4,
    waitEstimateMs: null,
    reason: "no_pictures" as const,
  };
  const event = queueEvent(origin, happening);
  expect(EventRecord.parse(event).ts).toBe("2026-03-01T12:00:09.000Z");
  expect(QueueDetectedPayload.parse(event.payload)).toEqual({
    state: "ended",
    started_at: "2026-03-01T12:00:00.000Z",
    duration_s: 4.2,
    length: 1,
    max_length: 4,
    wait_estimate_s: null,
    reason: "no_pictures",
  });
  expect(queueEvent(origin, happening).receipt_id).not.toBe(event.receipt_id);
});
