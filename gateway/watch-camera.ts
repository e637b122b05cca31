import type { CameraState } from "#contract/cameras.ts";
import type { TapCounts } from "./cameras/camera-watch.ts";
import type { Taps } from "./taps/taps.ts";

/** Keeps the camera tapped, by its sub stream where it has one, without its pictures. Returns what ends it. */
export function watchCamera(
  taps: Pick<Taps, "subscribe">,
  cameraId: string,
  onState: (state: CameraState) => void,
): () => void {
  const reader = { frames: "none" as const, onState, onFormat() {}, onUnit() {}, onGone() {} };
  return taps.subscribe({ cameraId, stream: "sub" }, reader);
}

/** Of each camera the stream that its watcher reads. */
export function watchedCounts(taps: Pick<Taps, "stats">): Map<string, TapCounts> {
  const stats = taps.stats().sort((a, b) => (a.stream < b.stream ? -1 : 1)); // "sub" stays in the map, where there is one
  return new Map(stats.map((ofTap) => [ofTap.cameraId, ofTap]));
}
