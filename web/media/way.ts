import type { Camera, CameraState } from "#contract/cameras.ts";
import { hasSub } from "./choose-stream.ts";

/** What is known about the way to the camera. */
export type Way = {
  /** Null until the hub told it once. */
  link: "up" | "lost" | null;
  /** As the gateway told it; before that, and after a loss of the link, as the camera list has it. */
  camera: CameraState;
  /** Whether the gateway itself told it since the link is up. */
  isTold: boolean;
  /** How far the gateway's clock is ahead of this device's; null while unknown. */
  clockAheadMs: number | null;
};

export function unknownWay(camera: CameraState): Way {
  return { link: null, camera, isTold: false, clockAheadMs: null };
}

/** Whether asking for a picture may bring one. Never asks a camera that refused the password: it would lock. */
export function isOpen(way: Way, camera: Camera): boolean {
  return way.link !== "lost" && !holdsUp(way.camera, camera);
}

/** Whether nothing but the transport itself stands between the camera and a picture. */
export function isClear(way: Way, camera: Camera): boolean {
  return isOpen(way, camera) && (way.camera.status !== "connecting" || !way.isTold);
}

/** Faults of the stream that the gateway reads, and not of the camera: another stream, or another reader, may do. */
const OWN_TO_STREAM: readonly string[] = ["not_found", "no_video", "unsupported_codec"];

export function isSubBroken(state: CameraState): boolean {
  return state.status === "down" && OWN_TO_STREAM.includes(state.fault);
}

/** Whether the camera is known to give nothing to anybody. */
function holdsUp(state: CameraState, camera: Camera): boolean {
  if (state.status !== "down") return false;
  const { fault } = state;
  if (fault === "protocol" || fault === "no_video" || fault === "unsupported_codec") return false;
  return fault !== "not_found" || !hasSub(camera);
}
