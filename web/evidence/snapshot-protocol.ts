import type { CameraStream } from "#contract/cameras.ts";

export type SnapshotPicture = {
  bytes: ArrayBuffer;
  sha256: string;
  widthPx: number;
  heightPx: number;
  /** When the picture reached the gateway, by the gateway's clock. */
  takenAtMs: number;
};

/** Why there is no picture; a page has words for each. */
export type SnapshotFailure =
  /** None came in time. */
  | "no_picture"
  /** This browser decodes none of the camera's streams. */
  | "unsupported_codec"
  /** This browser, or this address (plain http), decodes nothing at all. */
  | "unsupported_browser";

export type SnapshotOutcome =
  | { kind: "taken"; picture: SnapshotPicture }
  | { kind: "failed"; failure: SnapshotFailure };

/** Of the worker. `port` is one of the tap hub's, transferred; it is closed in the end. */
export type SnapshotApi = {
  take(request: { port: MessagePort; cameraId: string; streams: CameraStream[] }): Promise<SnapshotOutcome>;
};
