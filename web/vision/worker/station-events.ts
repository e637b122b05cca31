import { v5, v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import type { QueueDetectedPayload, VisionMetricsPayload } from "#contract/payloads.ts";
import { type MinuteWindow, WINDOW_MS } from "./minute-metrics.ts";
import type { QueueHappening } from "./queue-rule.ts";

/**
 * Namespace of the receipts of windows. Every station must use this one, or the gateway would count a minute twice;
 * it never changes.
 */
export const WINDOW_NAMESPACE = "7c1f6f0e-2d0b-4f0c-9a52-6f4f3f1f5a11";

export type EventOrigin = { storeId: string; cameraId: string };
export type MeasuredBy = { model: string; executionProvider: string };

const iso = (atMs: number): string => new Date(atMs).toISOString();
const seconds = (ms: number): number => Math.round(ms) / 1_000;
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

export function queueEvent(origin: EventOrigin, happening: QueueHappening): EventRecord {
  const payload: QueueDetectedPayload = {
    state: happening.state,
    started_at: iso(happening.startedAtMs),
    duration_s: seconds(happening.durationMs),
    length: happening.length,
    max_length: happening.maxLength,
    wait_estimate_s: happening.waitEstimateMs === null ? null : seconds(happening.waitEstimateMs),
    ...(happening.reason && { reason: happening.reason }),
  };
  return { ...record(origin, "queue.detected", happening.atMs), receipt_id: v7(), payload };
}

/** The same store, camera and minute always give the same receipt, whichever station measured it. */
export function metricsEvent(origin: EventOrigin, window: MinuteWindow, by: MeasuredBy): EventRecord {
  const frames = window.framesAnalysed;
  const counts = Object.entries(window.labels).map(
    ([label, { sum, max }]) => [label, { mean: rounded(sum / frames), max }] as const,
  );
  const payload: VisionMetricsPayload = {
    window_start: iso(window.startAtMs),
    window_s: 60,
    counts: Object.fromEntries(counts),
    unique_tracks: window.trackIds.length,
    lines: {},
    dwell_s: null,
    plates_seen: 0,
    frames_analysed: frames,
    frames_skipped: window.framesSkipped,
    ms_per_frame: rounded(window.detectMsSum / frames),
    model: by.model,
    execution_provider: by.executionProvider,
  };
  const name = `${origin.storeId}/${origin.cameraId}/${payload.window_start}`;
  const base = record(origin, "vision.metrics.v1", window.startAtMs + WINDOW_MS);
  return { ...base, receipt_id: v5(name, WINDOW_NAMESPACE), payload };
}

const record = (origin: EventOrigin, name: EventRecord["event_name"], atMs: number) => ({
  event_name: name,
  ts: iso(atMs),
  store_id: origin.storeId,
  source: "edge" as const,
  camera_id: origin.cameraId,
});
