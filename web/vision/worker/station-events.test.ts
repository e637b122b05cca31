import { expect, test } from "vitest";
import { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import {
  ComplianceDetectedPayload,
  IdleDetectedPayload,
  QueueDetectedPayload,
  VisionMetricsPayload,
} from "#contract/payloads.ts";
import type { SeenPlate } from "./rules/plate-rules.ts";
import type { Word } from "./rules/rule-book.ts";
import { type EventOrigin, metricsEvent, plateEvent, ruleEvent } from "./station-events.ts";

const origin = { storeId: STORE_ID, cameraId: anId(), lease: null };
const lease = { stationId: anId(), fence: 7 };
const by = { model: "yolox-nano", executionProvider: "wasm" };
const window = {
  startAtMs: Date.UTC(2026, 2, 1, 12, 0),
  framesAnalysed: 3,
  framesSkipped: 1,
  framesCounted: 3,
  detectMsSum: 100,
  labels: { person: { sum: 4, max: 2 } },
  trackIds: [4, 5],
  lines: {},
  zones: {},
  stayMs: [1_000, 2_000],
  platesSeen: 0,
};
const about = { kind: "queue" as const, ruleId: null, name: "", zoneId: null };
const word: Word = {
  about,
  state: "ended",
  atMs: Date.UTC(2026, 2, 1, 12, 0, 9),
  startedAtMs: Date.UTC(2026, 2, 1, 12, 0, 0),
  durationMs: 4_200,
  queue: { length: 1, maxLength: 4, waitEstimateMs: null },
  reason: "no_pictures",
};
const ofRule = (kind: Word["about"]["kind"]): Word => ({
  ...word,
  about: { kind, ruleId: anId(), name: "Caixa", zoneId: anId() },
});

test("a minute becomes a valid event, at the end of its minute", () => {
  const event = metricsEvent(origin, window, by);
  expect(EventRecord.parse(event).ts).toBe("2026-03-01T12:01:00.000Z");
  expect(VisionMetricsPayload.parse(event.payload)).toMatchObject({
    window_start: "2026-03-01T12:00:00.000Z",
    counts: { person: { mean: 1.333, max: 2 } },
    unique_tracks: 2,
    dwell_s: { mean: 1.5, p95: 2 },
    frames_analysed: 3,
    frames_skipped: 1,
    ms_per_frame: 33.333,
  });
  expect(event.payload).not.toHaveProperty("zones");
});

test("where zones are drawn, dwell is of the stays in them", () => {
  const zones = { till: { sum: 6, max: 3, stayMs: [4_000] }, shelf: { sum: 0, max: 0, stayMs: [] } };
  const { payload } = metricsEvent({ ...origin, lease }, { ...window, zones }, by);
  expect(VisionMetricsPayload.parse(payload)).toMatchObject({
    dwell_s: { mean: 4, p95: 4 },
    zones: {
      till: { people: { mean: 2, max: 3 }, stays: 1, dwell_s: { mean: 4, p95: 4 } },
      shelf: { people: { mean: 0, max: 0 }, stays: 0, dwell_s: null },
    },
  });
});

test("two stations give the same minute of a camera the same receipt, and no other", () => {
  const receipt = metricsEvent(origin, window, by).receipt_id;
  const elsewhere = metricsEvent(
    { ...origin, lease },
    { ...window, framesAnalysed: 1 },
    { ...by, model: "other" },
  );
  expect(elsewhere.receipt_id).toBe(receipt);
  const later = { ...window, startAtMs: window.startAtMs + 60_000 };
  expect(metricsEvent(origin, later, by).receipt_id).not.toBe(receipt);
  expect(metricsEvent({ ...origin, cameraId: anId() }, window, by).receipt_id).not.toBe(receipt);
});

test("receipts of windows and happenings never change: the gateway knows old ones", () => {
  const fixed = { ...origin, cameraId: "018f0000-0000-7000-8000-0000000000ff" };
  expect(metricsEvent(fixed, window, by).receipt_id).toMatchInlineSnapshot(
    `"cae158df-b995-5373-85c3-bdfc46ddaa58"`,
  );
  expect(ruleEvent(fixed, word).receipt_id).toMatchInlineSnapshot(`"0238dd2e-51cb-5f9d-94fc-43bc4a29f464"`);
});

test("a queue becomes a valid event, of a rule with its zone and name", () => {
  const event = ruleEvent(origin, word);
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
  expect(event).not.toHaveProperty("zone_id");
  expect(event).not.toHaveProperty("meta");
  const ruled = ofRule("queue");
  const { meta, zone_id } = ruleEvent({ ...origin, lease }, ruled);
  expect(zone_id).toBe(ruled.about.zoneId);
  expect(meta).toEqual({
    station_id: lease.stationId,
    fence: 7,
    rule_id: ruled.about.ruleId,
    rule_name: "Caixa",
  });
});

test("a happening told twice, or by another station at another moment, has one receipt for each state", () => {
  const receipt = ruleEvent(origin, word).receipt_id;
  const elsewhere = { ...word, atMs: word.atMs + 1_000, durationMs: 5_200 };
  expect(ruleEvent({ ...origin, lease }, elsewhere).receipt_id).toBe(receipt);
  expect(ruleEvent(origin, { ...word, state: "started" }).receipt_id).not.toBe(receipt);
  expect(ruleEvent(origin, ofRule("queue")).receipt_id).not.toBe(receipt);
  const updated = { ...word, state: "updated" as const };
  expect(ruleEvent(origin, { ...updated, atMs: word.atMs + 30_000 }).receipt_id).not.toBe(
    ruleEvent(origin, updated).receipt_id,
  );
});

test("an empty place and a broken rule become valid events", () => {
  const idle = ruleEvent(origin, ofRule("idle"));
  expect(idle.event_name).toBe("idle.detected");
  expect(IdleDetectedPayload.parse(idle.payload).duration_s).toBe(4.2);
  const boxes = [{ left: 0.12345, top: 0.2, width: 0.1, height: 0.3 }];
  const { queue: _, ...restricted } = { ...ofRule("restricted_area"), boxes };
  const event = ruleEvent(origin, restricted);
  expect(event.event_name).toBe("compliance.detected");
  expect(ComplianceDetectedPayload.parse(event.payload)).toEqual({
    state: "ended",
    started_at: "2026-03-01T12:00:00.000Z",
    duration_s: 4.2,
    reason: "no_pictures",
    rule: { kind: "restricted_area" },
    boxes: [{ left: 0.123, top: 0.2, width: 0.1, height: 0.3 }],
  });
});

test("a plate becomes a valid event", () => {
  const rule = { id: anId(), name: "Pátio", isEnabled: true, zoneId: null, hours: "always" as const };
  const box = { left: 0.1, top: 0.2, width: 0.1, height: 0.05 };
  const read = { plate: "ABC1D23", layout: "mercosul" as const, confidence: 0.91, reads: 6, box };
  const seen = { ...read, listing: null, atMs: word.atMs, trackId: 4, firstReadAtMs: word.atMs - 3_000 };
  const event = plateEvent(origin, { ...rule, kind: "plate_read" }, seen);
  expect(EventRecord.parse(event).meta).toEqual({ rule_id: rule.id, rule_name: "Pátio" });
  expect(ComplianceDetectedPayload.parse(event.payload)).toMatchObject({ plate: "ABC1D23", reads: 6 });
  // of one passage there is one receipt, whoever tells it and whatever was read of it since
  const receiptOf = (other: Partial<SeenPlate>, ruleId = rule.id, at: EventOrigin = origin) =>
    plateEvent(at, { ...rule, id: ruleId, kind: "plate_read" }, { ...seen, ...other }).receipt_id;
  expect(receiptOf({ atMs: word.atMs + 1_000, reads: 8 }, rule.id, { ...origin, lease })).toBe(
    event.receipt_id,
  );
  const others = [receiptOf({ trackId: 5 }), receiptOf({ firstReadAtMs: 0 }), receiptOf({}, anId())];
  expect(new Set([event.receipt_id, ...others]).size).toBe(4);
});
