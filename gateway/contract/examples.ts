import type { Camera, NewCamera } from "./cameras.ts";
import type { EventRecord } from "./events.ts";
import type { Ledger, StationLedger } from "./ledger.ts";
import type { QueueDetectedPayload, VisionMetricsPayload } from "./payloads.ts";
import type { ParkedEvent, Sink } from "./sinks.ts";
import { type CameraZones, type Line, noZones, type Rule, type Zone } from "./zones.ts";

/** Builders for tests: each names a whole valid value, of which a test overrides only what matters to it. */

let made = 0;
/** A new valid UUIDv7-shaped id on every call, the same row of ids in every run. */
export function anId(): string {
  made += 1;
  return `018f0000-0000-7000-8000-${made.toString(16).padStart(12, "0")}`;
}

export const STORE_ID = "018f0000-0000-7000-9000-000000000001";

export function aQueuePayload(overrides: Partial<QueueDetectedPayload> = {}): QueueDetectedPayload {
  return {
    state: "started",
    started_at: "2026-03-01T12:00:00.000Z",
    duration_s: 0,
    length: 3,
    max_length: 3,
    wait_estimate_s: null,
    ...overrides,
  };
}

export function aMetricsPayload(overrides: Partial<VisionMetricsPayload> = {}): VisionMetricsPayload {
  return {
    window_start: "2026-03-01T12:00:00.000Z",
    window_s: 60,
    counts: { person: { mean: 1.5, max: 3 } },
    unique_tracks: 4,
    lines: {},
    dwell_s: null,
    plates_seen: 0,
    frames_analysed: 60,
    frames_skipped: 0,
    ms_per_frame: 30,
    model: "yolox-nano",
    execution_provider: "wasm",
    ...overrides,
  };
}

export function anEvent(overrides: Partial<EventRecord> = {}): EventRecord {
  return {
    receipt_id: anId(),
    event_name: "queue.detected",
    ts: "2026-03-01T12:00:00.000Z",
    store_id: STORE_ID,
    source: "edge",
    payload: aQueuePayload(),
    ...overrides,
  };
}

export function aNewCamera(overrides: Partial<NewCamera> = {}): NewCamera {
  return { name: "Checkout 1", mainAddress: "rtsp://user:secret@127.0.0.1:8554/cam0", ...overrides };
}

export function aCamera(overrides: Partial<Camera> = {}): Camera {
  return {
    id: anId(),
    name: "Checkout 1",
    place: "",
    mainAddress: "rtsp://127.0.0.1:8554/cam0",
    hasPassword: true,
    singleConnection: false,
    rtspTransport: "tcp",
    analysed: true,
    queueThreshold: 3,
    demo: false,
    createdAtMs: 1_700_000_000_000,
    state: { status: "unknown" },
    ...overrides,
  };
}

/** The left half of the picture. */
export function aZone(overrides: Partial<Zone> = {}): Zone {
  const points = [
    { x: 0, y: 0 },
    { x: 0.5, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0, y: 1 },
  ];
  return { id: anId(), name: "Checkout", kind: "zone", points, ...overrides };
}

export function aLine(overrides: Partial<Line> = {}): Line {
  return { id: anId(), name: "Entrance", from: { x: 0.1, y: 0.5 }, to: { x: 0.9, y: 0.5 }, ...overrides };
}

export function aQueueRule(
  overrides: Partial<Extract<Rule, { kind: "queue" }>> = {},
): Extract<Rule, { kind: "queue" }> {
  return {
    id: anId(),
    name: "Queue",
    isEnabled: true,
    zoneId: null,
    hours: "always",
    kind: "queue",
    threshold: 3,
    startAfterS: 3,
    endAfterS: 5,
    ...overrides,
  };
}

export function someZones(overrides: Partial<CameraZones> = {}): CameraZones {
  return { ...noZones(anId()), ...overrides };
}

export function aLedger(overrides: Partial<Ledger> = {}): Ledger {
  const nothing = { created: 0, acknowledged: 0, waiting: 0, parked: 0, discarded: 0, expired: 0 };
  return { ...nothing, isBalanced: true, ...overrides };
}

export function aStationLedger(overrides: Partial<StationLedger> = {}): StationLedger {
  return { ...aLedger(), dropped: 0, oldestWaitingMs: null, ...overrides };
}

/** An HTTP receiver that has everything. */
export function aSink(overrides: Partial<Sink> = {}): Sink {
  return {
    id: anId(),
    name: "Head office",
    isEnabled: true,
    eventNames: null,
    everyMs: 60_000,
    batchEvents: 200,
    retentionDays: 7,
    target: { kind: "http", url: "https://hub.example/events", headers: {}, isGzipped: false, isHub: false },
    isPaused: false,
    secrets: [],
    state: { status: "working" },
    ledger: aLedger(),
    oldestWaitingMs: null,
    ratePerS: 0,
    emptyInS: null,
    lastSuccessAtMs: null,
    ...overrides,
  };
}

export function aParkedEvent(overrides: Partial<ParkedEvent> = {}): ParkedEvent {
  return {
    seq: 1,
    event: anEvent(),
    code: "http_422",
    reason: "the receiver refuses this event: HTTP 422: unknown field",
    trouble: { code: "refused", detail: "HTTP 422: unknown field" },
    request: "POST https://hub.example/events",
    answer: "422 unknown field",
    attempts: 1,
    parkedAtMs: 1_772_366_400_000,
    ...overrides,
  };
}
