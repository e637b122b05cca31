import { v4, v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { aMetricsPayload, anEvent } from "#contract/examples.ts";

const CAMERAS = Array.from({ length: 8 }, () => v4());
let lastMs = Date.parse("2026-03-01T12:00:00Z");
function nextMs(): number {
  lastMs += 7;
  return lastMs;
}

/** Minutes' counts of eight cameras, one after the other, as a station sends them. */
export const aBatch = (size: number): EventRecord[] =>
  Array.from({ length: size }, (_, i) =>
    anEvent({
      receipt_id: v7(),
      event_name: "vision.metrics.v1",
      ts: new Date(nextMs()).toISOString(),
      camera_id: CAMERAS[i % CAMERAS.length],
      payload: aMetricsPayload(),
    }),
  );

export const bodyOf = (events: EventRecord[]): Buffer => Buffer.from(JSON.stringify({ events }));
