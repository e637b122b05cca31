import type { Camera } from "#contract/cameras.ts";
import type { EventRecord } from "#contract/events.ts";
import type { EvidenceFacts } from "#contract/evidence.ts";
import type { FractionBox } from "#contract/payloads.ts";
import type { KnownPlate } from "#contract/plates.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { CameraZones, Shop } from "#contract/zones.ts";

/** One object in one picture. */
export type SeenObject = { trackId: number; label: string; score: number; box: FractionBox };

/** What the station saw in one picture of a camera. */
export type CameraResult = {
  cameraId: string;
  /** When the picture reached the gateway, by the gateway's clock. */
  receivedAtMs: number;
  objects: SeenObject[];
  /** Objects labelled `person`. */
  people: number;
  inferenceMs: number;
};

/** How one camera is looked at, over the newest 10 s. */
export type CameraRate = {
  cameraId: string;
  /** Looks a second. */
  askedPerS: number;
  /** Pictures weighed or seen a second; the same as asked within a tenth, unless the machine cannot keep up. */
  reachedPerS: number;
  /** Pictures that came and were not looked at in their turn, a second: more than a tenth, and the machine is full. */
  skippedPerS: number;
  /** Of those that were weighed or seen, the part in which nothing moved and which no detector saw; 0 to 1. */
  stillShare: number;
  /** Of those that a detector saw: resize, network and reading of its answer; 0 while there was none. */
  msPerLook: number;
  /** Whether its key frames come as often as asked, or all of its pictures must be decoded. */
  frames: "key" | "all";
  /** Null before two key frames came. */
  keyFrameEveryMs: number | null;
};

/** Milliseconds a picture takes in each stage, means of the newest 10 s; 0 where nothing was measured. */
export type StageMs = {
  /** Of a key frame. Frames of a stream are decoded as they come, beside everything else. */
  decode: number;
  copy: number;
  gate: number;
  letterbox: number;
  inference: number;
  head: number;
};

/** What is known of a camera, for whoever looks at it next: plain JSON that only stations read. */
export type NotedWatch = { cameraId: string; watch: unknown };

export type StationStatus =
  | { status: "stopped" }
  /** `measuring`: the device is being measured, for 20 s at most; nothing is analysed meanwhile. */
  | { status: "starting"; measuring?: true }
  /** Another tab of this browser does the work. */
  | { status: "elsewhere" }
  | {
      status: "running";
      model: string;
      demonstration: boolean;
      executionProvider: string;
      /** Looks of a detector a second that this device bears; null where it could not be measured. */
      capacity: number | null;
      /** Pictures that a detector saw. */
      picturesPerSecond: number;
      msPerPicture: number;
      stageMs: StageMs;
      cameras: CameraRate[];
    }
  | {
      status: "failed";
      code: "unsupported_browser" | "not_secure" | "model_unavailable" | "crashed";
      message: string;
    };

/** The two models' entries in the manifest: families `lpd-yunet` and `cct`. */
export type PlateModels = { finder: ModelEntry; reader: ModelEntry };

/** What plates are read with and compared to. */
export type PlateFacts = {
  /** Null while their files are not here. */
  models: PlateModels | null;
  /** The shop's lists; null while they are not known, when only what is read is told. */
  known: KnownPlate[] | null;
};

/** A picture of a moment on its way to whoever keeps it until the gateway has it. */
export type TakenPicture = {
  mediaId: string;
  sha256: string;
  /** The JPEG. */
  bytes: ArrayBuffer;
  facts: EvidenceFacts;
};

export type Station = {
  start(): void;
  stop(): void;
  /** The cameras to look at: those with `analysed`; what is drawn for them, and the shop they hang in. */
  setCameras(cameras: Camera[], scenes: { zones: CameraZones[]; shop: Shop | null }): void;
  /**
   * The cameras it may look at, with the fence of each lease, and under which name; of the others it says nothing. One
   * that is missing from now on, and is still to be analysed, goes to another station.
   */
  setLeases(stationId: string, fences: ReadonlyMap<string, number>): void;
  /** Goes on where another station left off. Before `setLeases` with the camera. */
  resume(cameraId: string, watch: unknown, ageMs: number): void;
  /** The model to run; null while none is ready. */
  setModel(model: ModelEntry | null): void;
  setPlates(facts: PlateFacts): void;
  /** Measures what this device bears; the analysis pauses for it, and the status says so. */
  measureAgain(): void;
  status(): StationStatus;
  onStatus(listener: (status: StationStatus) => void): () => void;
  onResult(listener: (result: CameraResult) => void): () => void;
};

export type StationDeps = {
  storeId: string;
  /** A port of the tap hub: speaks `#contract/taps.ts` (see web/taps/README.md). */
  tapPort: MessagePort;
  /**
   * Another such port, for a worker that replaces one that died: the first went down with it. Without it the station
   * stays `failed` then.
   */
  openTapPort?(): MessagePort;
  /** Makes the events durable; the station keeps an event until this resolves. */
  emit(events: EventRecord[]): Promise<void>;
  /** Puts a picture on disk here, from where it goes to the gateway; the event that names it comes after. */
  keepPicture(picture: TakenPicture): Promise<void>;
  /** What the station knows of cameras, every 5 s and after each event (`isUrgent`), once it is on disk here. */
  onWatches?(watches: NotedWatch[], isUrgent: boolean): void;
  /** The station has left a camera; its last `onWatches` came before. */
  onLeft?(cameraId: string): void;
};
