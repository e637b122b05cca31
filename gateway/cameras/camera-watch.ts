import type { CameraHealth } from "#contract/camera-health.ts";
import type { CameraState } from "#contract/cameras.ts";
import { judge, notYetSeen, type Verdict } from "./health-policy.ts";
import { createStreamFigures, type StreamCounts } from "./stream-figures.ts";

/** What a tap says of itself. */
export type TapCounts = StreamCounts & {
  /** Null before the first picture. */
  lastPictureAtMs: number | null;
  circuit: CameraHealth["circuit"];
};

export type WatchedHealth = Omit<CameraHealth, "uptime24h" | "watched24hMs">;

/** Longer than the slowest cameras take from one picture to the next. */
const STILL_AFTER_MS = 5_000;

/** What one camera's tap says, and how the camera is by that. Knows no clock and no timer. */
export function createCameraWatch(cameraId: string, atMs: number) {
  const figures = createStreamFigures();
  let state: CameraState = { status: "unknown" };
  let verdict: Verdict = notYetSeen(atMs);
  let counts: TapCounts | undefined;
  let watchdogRestarts = 0;

  function look(nowMs: number): void {
    const promisedFps = state.status === "online" ? state.format.fps : undefined;
    verdict = judge(verdict, { atMs: nowMs, state, figures: figures.figures(), promisedFps });
  }

  return {
    onState(next: CameraState, nowMs: number): void {
      if (next.status !== state.status) figures.clear();
      state = next;
      look(nowMs);
    },
    /** Counts that are looked at every few seconds. */
    onCounts(next: TapCounts, nowMs: number): void {
      counts = next;
      if (state.status === "online") figures.note(nowMs, next);
      look(nowMs);
    },
    onRestart(): void {
      watchdogRestarts += 1;
    },
    /** For the uptime, which must not wait the 15 s after which a camera counts as frozen. */
    gives(nowMs: number): "pictures" | "nothing" | "unknown" {
      if (verdict.status === "unknown") return "unknown";
      const isUp = verdict.status === "online" || verdict.status === "degraded";
      const isStill = nowMs - (counts?.lastPictureAtMs ?? nowMs) > STILL_AFTER_MS;
      return isUp && !isStill ? "pictures" : "nothing";
    },
    health(): WatchedHealth {
      const measured = state.status === "online" ? figures.figures() : null;
      return {
        cameraId,
        status: verdict.status,
        ...(verdict.reason !== null && { reason: verdict.reason }),
        sinceAtMs: verdict.sinceAtMs,
        ...(measured && { fps: tenths(measured.fps), bitrateKbps: Math.round(measured.bitrateKbps) }),
        ...(counts?.lastPictureAtMs != null && { lastFrameAtMs: counts.lastPictureAtMs }),
        watchdogRestarts,
        circuit: counts?.circuit ?? "closed",
      };
    },
  };
}
export type CameraWatch = ReturnType<typeof createCameraWatch>;

const tenths = (value: number): number => Math.round(value * 10) / 10;
