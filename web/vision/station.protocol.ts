import type { EventRecord } from "#contract/events.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { CameraZones, Shop } from "#contract/zones.ts";
import type { CameraResult, NotedWatch, PlateFacts, StationStatus, TakenPicture } from "./station.ts";

/** Who may tell of a camera: the station, and the number its turn at the camera was given under. */
export type Lease = { stationId: string; fence: number };

/** What the station's worker must know of a camera. */
export type WatchedCamera = {
  id: string;
  analysed: boolean;
  /** Of the built-in queue rule. */
  queueThreshold: number;
  /** Null: nothing is known of zones and rules; the built-in queue alone. */
  zones: CameraZones | null;
  lease: Lease | null;
};

/** Page to worker. */
export type ToStation =
  /** First of all messages. The worker holds the lock `lifeLock` for as long as it lives. */
  | { type: "init"; storeId: string; tapPort: MessagePort; lifeLock: string }
  | { type: "start" }
  /** Answered by `stopped`. */
  | { type: "stop" }
  /** Without a shop it is always open. */
  | { type: "cameras"; cameras: WatchedCamera[]; shop: Shop | null }
  /** What another station knew of a camera, and how long ago. Before the camera itself comes. */
  | { type: "resume"; cameraId: string; watch: unknown; ageMs: number }
  /** These go to another station: left at once without a word; answered by `left`. Before `cameras` without them. */
  | { type: "hand-over"; cameraIds: string[] }
  | { type: "model"; model: ModelEntry | null }
  | { type: "plates"; facts: PlateFacts }
  /** Measures the device again; ignored unless the station runs. */
  | { type: "measure" }
  /** What became of the events handed over: `kept` once they are durable. */
  | { type: "handed-over"; batch: number; kept: boolean }
  /** What became of the picture handed over: `kept` once it is on disk. */
  | { type: "picture-kept"; mediaId: string; kept: boolean }
  | { type: "ping" };

/** Worker to page. */
export type FromStation =
  /** The life lock is held. */
  | { type: "alive" }
  | { type: "pong" }
  | { type: "status"; status: StationStatus }
  | { type: "result"; result: CameraResult }
  | { type: "events"; batch: number; events: EventRecord[] }
  /** Of a moment that an event will name; answered by `picture-kept`. Its bytes are transferred. */
  | { type: "picture"; picture: TakenPicture }
  /** What is known of cameras; with `isUrgent` an event came of it. */
  | { type: "watches"; watches: NotedWatch[]; isUrgent: boolean }
  /** Nothing more will be said of this camera. */
  | { type: "left"; cameraId: string }
  | { type: "stopped" };
