import type { EventRecord } from "#contract/events.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { SinkKind, SinkSecrets, TargetOf } from "#contract/sinks.ts";

/** What became of one event at a receiver. */
export type Delivered =
  /** It has it, as durably as it can say. */
  | { outcome: "acknowledged" }
  /** It will never take it: for the dead letter. `code` is the receiver's. Texts are shortened. */
  | { outcome: "refused"; code: string; trouble: SinkTrouble; request: string; answer: string }
  /** Not now. */
  | { outcome: "retry"; trouble: SinkTrouble; retryAfterMs?: number };

/** What became of a batch. */
export type SendResult =
  /** In the order of the events. */
  | { kind: "each"; answers: Delivered[] }
  /** Refused as a whole, so that one event in it is to blame: sent again in halves until that one is alone. */
  | { kind: "refused"; code: string; trouble: SinkTrouble; request: string; answer: string }
  /** Nothing can be said of any event; the whole batch is sent again later. */
  | { kind: "failed"; trouble: SinkTrouble; retryAfterMs?: number };

/**
 * Small facts that a sink must still know after a restart, such as the id that a receiver gave a happening. Durable.
 * Forgotten is what was not set again for 30 days more than the sink's retention: none of its events comes then.
 */
export type SinkNotes = {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
};

export type CameraChange = {
  /** The same for every repetition of this change. */
  changeId: string;
  kind: "camera.created" | "camera.updated" | "camera.removed";
  cameraId: string;
  storeId: string;
  ts: string;
  /** The camera without its addresses; missing when it was removed. */
  camera?: Record<string, unknown>;
};

/**
 * A receiving end. One call of `send` at a time, events of a camera in their order. Never rejects for what a network
 * does; ends early when `signal` aborts, with `failed`. What it tells may hold its secrets: `send-once.ts` takes them out.
 */
export type Sink = {
  send(events: EventRecord[], signal: AbortSignal): Promise<SendResult>;
  /** Where the receiver wants to hear of the camera list. The same results as for one event. */
  sendCameraChange?(change: CameraChange, signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
};

export type SinkDeps<Kind extends SinkKind> = {
  target: TargetOf<Kind>;
  secrets: SinkSecrets;
  storeId: string;
  /** Of the gateways of a store the first has the store's own id. */
  gatewayId: string;
  sinkId: string;
  notes: SinkNotes;
  /** Of a camera of any gateway of the store, null when it is gone. */
  cameraName(cameraId: string): Promise<string | null>;
  nowMs(): number;
  onTrouble(what: string, cause: unknown): void;
};
/** Opens nothing yet: the first `send` does, and so does the first after a connection was lost. */
export type OpenSink<Kind extends SinkKind> = (deps: SinkDeps<Kind>) => Sink;
