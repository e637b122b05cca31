import type { Camera } from "#contract/cameras.ts";
import type { TransportEvents, TransportSession } from "./transport.ts";

/** Starts one try, unseen behind what `container` shows. */
export type OpenSession = (
  place: { camera: Camera; container: HTMLElement },
  events: TransportEvents,
) => TransportSession;
