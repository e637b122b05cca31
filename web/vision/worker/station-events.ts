import { v5 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { HAPPENING_NAMESPACE, happeningName, passageName } from "#contract/happenings.ts";
import type {
  ComplianceDetectedPayload,
  FractionBox,
  IdleDetectedPayload,
  QueueDetectedPayload,
  VisionMetricsPayload,
} from "#contract/payloads.ts";
import type { Lease } from "../station.protocol.ts";
import { dwellOf, type MinuteWindow, WINDOW_MS } from "./minute-metrics.ts";
import type { SeenPlate } from "./rules/plate-rules.ts";
import type { Word } from "./rules/rule-book.ts";
import type { PlateRule } from "./rules/scene.ts";

/**
 * Namespace of the receipts of windows. Every station must use this one, or the gateway would count a minute twice;
 * it never changes.
 */
export const WINDOW_NAMESPACE = "7c1f6f0e-2d0b-4f0c-9a52-6f4f3f1f5a11";

/** Whose event it is, and under which lease. */
export type EventOrigin = { storeId: string; cameraId: string; lease: Lease | null };
export type MeasuredBy = { model: string; executionProvider: string };

const iso = (atMs: number): string => new Date(atMs).toISOString();
const seconds = (ms: number): number => Math.round(ms) / 1_000;
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** A rule's word as an event. Whoever tells the same gives it the same receipt. */
export function ruleEvent(origin: EventOrigin, word: Word): EventRecord {
  const { ruleId, name, zoneId } = word.about;
  const ts = iso(word.atMs);
  const { storeId, cameraId } = origin;
  const startedAt = iso(word.startedAtMs);
  const receipt = happeningName({ storeId, cameraId, ruleId, startedAt, state: word.state, ts });
  return {
    ...record(origin, word.atMs, ruleId === null ? {} : { rule_id: ruleId, rule_name: name }),
    receipt_id: v5(receipt, HAPPENING_NAMESPACE),
    ...(zoneId !== null && { zone_id: zoneId }),
    ...saidBy(word),
  };
}

function saidBy(word: Word): { event_name: EventRecord["event_name"]; payload: Record<string, unknown> } {
  const happening = {
    state: word.state,
    started_at: iso(word.startedAtMs),
    duration_s: seconds(word.durationMs),
    ...(word.reason && { reason: word.reason }),
  };
  const { kind } = word.about;
  if (kind === "idle") {
    return { event_name: "idle.detected", payload: happening satisfies IdleDetectedPayload };
  }
  if (kind === "queue") return { event_name: "queue.detected", payload: queuePayload(happening, word) };
  const payload: ComplianceDetectedPayload = {
    ...happening,
    rule: { kind },
    ...(word.boxes && { boxes: word.boxes.map(roundedBox) }),
  };
  return { event_name: "compliance.detected", payload };
}

function queuePayload(happening: IdleDetectedPayload, { queue }: Word): QueueDetectedPayload {
  const waitMs = queue?.waitEstimateMs ?? null;
  return {
    ...happening,
    length: queue?.length ?? 0,
    max_length: queue?.maxLength ?? 0,
    wait_estimate_s: waitMs === null ? null : seconds(waitMs),
  };
}

const roundedBox = ({ left, top, width, height }: FractionBox): FractionBox => ({
  left: rounded(left),
  top: rounded(top),
  width: rounded(width),
  height: rounded(height),
});

/** One passage of a vehicle under one rule. Whoever tells the same gives it the same receipt. */
export function plateEvent(origin: EventOrigin, rule: PlateRule, seen: SeenPlate): EventRecord {
  const { plate, layout, confidence, reads, listed, trackId } = seen;
  const { storeId, cameraId } = origin;
  const firstReadAt = iso(seen.firstReadAtMs);
  const receipt = passageName({ storeId, cameraId, ruleId: rule.id, trackId, firstReadAt });
  const payload: ComplianceDetectedPayload = {
    rule: { kind: rule.kind },
    plate,
    layout,
    confidence: rounded(confidence),
    reads,
    boxes: [roundedBox(seen.box)],
  };
  return {
    ...record(origin, seen.atMs, { rule_id: rule.id, rule_name: rule.name, ...(listed && { listed }) }),
    event_name: "compliance.detected",
    receipt_id: v5(receipt, HAPPENING_NAMESPACE),
    ...(rule.zoneId !== null && { zone_id: rule.zoneId }),
    payload,
  };
}

/** The same store, camera and minute always give the same receipt, whichever station measured it. */
export function metricsEvent(origin: EventOrigin, window: MinuteWindow, by: MeasuredBy): EventRecord {
  const meanOf = (sum: number): number => rounded(sum / Math.max(1, window.framesCounted));
  const counts = Object.entries(window.labels).map(
    ([label, { sum, max }]) => [label, { mean: meanOf(sum), max }] as const,
  );
  const zones = Object.entries(window.zones).map(([zoneId, { sum, max, stayMs }]) => {
    const people = { mean: meanOf(sum), max };
    return [zoneId, { people, stays: stayMs.length, dwell_s: inSeconds(dwellOf(stayMs)) }] as const;
  });
  const stayMs =
    zones.length > 0 ? Object.values(window.zones).flatMap((zone) => zone.stayMs) : window.stayMs;
  const payload: VisionMetricsPayload = {
    window_start: iso(window.startAtMs),
    window_s: 60,
    counts: Object.fromEntries(counts),
    unique_tracks: window.trackIds.length,
    lines: window.lines,
    dwell_s: inSeconds(dwellOf(stayMs)),
    ...(zones.length > 0 && { zones: Object.fromEntries(zones) }),
    plates_seen: window.platesSeen,
    frames_analysed: window.framesAnalysed,
    frames_skipped: window.framesSkipped,
    ms_per_frame: rounded(window.detectMsSum / Math.max(1, window.framesAnalysed)),
    model: by.model,
    execution_provider: by.executionProvider,
  };
  const name = `${origin.storeId}/${origin.cameraId}/${payload.window_start}`;
  return {
    ...record(origin, window.startAtMs + WINDOW_MS, {
      frames_still: window.framesCounted - window.framesAnalysed,
    }),
    event_name: "vision.metrics.v1",
    receipt_id: v5(name, WINDOW_NAMESPACE),
    payload,
  };
}

const inSeconds = (dwell: { meanMs: number; p95Ms: number } | null) =>
  dwell && { mean: seconds(dwell.meanMs), p95: seconds(dwell.p95Ms) };

function record({ storeId, cameraId, lease }: EventOrigin, atMs: number, about: Record<string, unknown>) {
  const meta = { ...(lease && { station_id: lease.stationId, fence: lease.fence }), ...about };
  return {
    ts: iso(atMs),
    store_id: storeId,
    source: "edge" as const,
    camera_id: cameraId,
    ...(Object.keys(meta).length > 0 && { meta }),
  };
}
