import { expect } from "@playwright/test";
import { QueueDetectedPayload, VisionMetricsPayload } from "#contract/payloads.ts";
import type { Gateway, StoredRow } from "./gateway.ts";

/**
 * What the gateway has of one camera and minute. `looks`: pictures that a detector saw, and those left out because
 * nothing had moved or a newer one came.
 */
export type Minute = { cameraId: string; startAtMs: number; looks: number };

const named = (gateway: Gateway, name: string): StoredRow[] =>
  gateway.storedEvents().filter(({ event_name }) => event_name === name);

export const MINUTE_MS = 60_000;
export const startOfMinute = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS;

/** Of one camera, where it is named; oldest first. */
export function minutesOf(gateway: Gateway, of?: { cameraId: string }): Minute[] {
  const rows = named(gateway, "vision.metrics.v1").filter(
    ({ camera_id }) => !of || camera_id === of.cameraId,
  );
  const minutes = rows.map(({ camera_id, payload }) => {
    const { window_start, frames_analysed, frames_skipped } = VisionMetricsPayload.parse(
      JSON.parse(payload ?? ""),
    );
    return {
      cameraId: camera_id ?? "",
      startAtMs: Date.parse(window_start),
      looks: frames_analysed + frames_skipped,
    };
  });
  return minutes.sort((a, b) => a.startAtMs - b.startAtMs);
}

/** A look a second, and some where two minutes meet or a picture is looked at anew. */
const LOOKS_AT_MOST = 63;

/**
 * Each camera has every minute of a span, each once and whole. The gateway stores a minute once in any case: one that
 * two told of, or one begun anew, is there with a part of its looks.
 */
export function expectWholeMinutes(
  gateway: Gateway,
  cameraIds: string[],
  { fromMs, untilMs, leastLooks }: { fromMs: number; untilMs: number; leastLooks: number },
): void {
  const count = (untilMs - fromMs) / MINUTE_MS;
  const wanted = Array.from({ length: count }, (_, at) => fromMs + at * MINUTE_MS);
  for (const cameraId of cameraIds) {
    const minutes = minutesOf(gateway, { cameraId }).filter(
      ({ startAtMs }) => startAtMs >= fromMs && startAtMs < untilMs,
    );
    expect(minutes.map(({ startAtMs }) => startAtMs)).toEqual(wanted);
    for (const { looks } of minutes) {
      expect(looks).toBeGreaterThanOrEqual(leastLooks);
      expect(looks).toBeLessThanOrEqual(LOOKS_AT_MOST);
    }
  }
}

/** A queue as the gateway has it; without what was `updated`. */
export type ToldQueue = {
  startedAt: string;
  endedAt: string | null;
  states: string[];
  /** Why it ended, where it did not simply dissolve. */
  reasons: string[];
};

/** In the order in which they started. */
export function queuesOf(gateway: Gateway): ToldQueue[] {
  const queues = new Map<string, ToldQueue>();
  for (const { camera_id, ts, payload } of named(gateway, "queue.detected")) {
    const { state, started_at, reason } = QueueDetectedPayload.parse(JSON.parse(payload ?? ""));
    const key = `${camera_id} ${started_at}`;
    const queue = queues.get(key) ?? { startedAt: started_at, endedAt: null, states: [], reasons: [] };
    queues.set(key, queue);
    if (state !== "updated") queue.states.push(state);
    if (state === "ended") queue.endedAt = ts;
    if (reason !== undefined) queue.reasons.push(reason);
  }
  return [...queues.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}
