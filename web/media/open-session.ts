import type { Camera, CameraStream } from "#contract/cameras.ts";
import type { TransportEvents, TransportSession } from "./transport.ts";

export type SessionPlace = {
  camera: Camera;
  stream: CameraStream;
  container: HTMLElement;
};

/** Starts one try, unseen behind what `container` shows. */
export type OpenSession = (place: SessionPlace, events: TransportEvents) => TransportSession;
