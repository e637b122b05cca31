import type { CameraHealthReason, CameraHealthStatus } from "#contract/camera-health.ts";
import type { CameraFault, CameraState } from "#contract/cameras.ts";
import type { StreamFigures } from "./stream-figures.ts";

export type Verdict = {
  status: CameraHealthStatus;
  reason: CameraHealthReason | null;
  sinceAtMs: number;
  /** Since when the figures speak for the other one of `online` and `degraded`; null while they agree. */
  doubtedSinceAtMs: number | null;
};

/** What is seen of a camera at one instant; `figures` are null until there are enough pictures to count. */
export type Look = {
  atMs: number;
  state: CameraState;
  figures: StreamFigures | null;
  /** What the camera says of itself; many say nothing. */
  promisedFps: number | undefined;
};

/**
 * A camera is degraded from `enter` on and well again at `leave`, each only after it held for `HOLD_MS`: one that is at
 * the border does not flap. Half the promised rate is not far below: many cameras halve it in the dark.
 */
const LOST_FRACTION = { enter: 0.02, leave: 0.01 };
const KEPT_RATE = { enter: 0.45, leave: 0.6 };
const HOLD_MS = 20_000;

export const notYetSeen = (atMs: number): Verdict => ({
  status: "unknown",
  reason: null,
  sinceAtMs: atMs,
  doubtedSinceAtMs: null,
});

/** How a camera is, after how it was. */
export function judge(before: Verdict, look: Look): Verdict {
  const { state } = look;
  if (state.status === "down") {
    const status = statusOf(state.fault);
    // a camera that comes up again fails in another way each time, and is offline all the while
    const sinceAtMs = before.status === status ? before.sinceAtMs : state.sinceAtMs;
    return { status, reason: state.fault, sinceAtMs, doubtedSinceAtMs: null };
  }
  if (state.status !== "online") return before; // it says nothing yet; what was known holds
  if (before.status === "online") return judgeOnline(before, look);
  if (before.status === "degraded") return judgeDegraded(before, look);
  return { status: "online", reason: null, sinceAtMs: state.sinceAtMs, doubtedSinceAtMs: null };
}

function statusOf(fault: CameraFault): CameraHealthStatus {
  if (fault === "unauthorized" || fault === "frozen") return fault;
  return "offline";
}

function judgeOnline(before: Verdict, look: Look): Verdict {
  if (!look.figures) return before;
  const [reason] = troubles(look.figures, look.promisedFps, "enter");
  if (reason === undefined) return { ...before, doubtedSinceAtMs: null };
  return doubt(before, look.atMs, { status: "degraded", reason });
}

function judgeDegraded(before: Verdict, look: Look): Verdict {
  if (!look.figures) return before;
  const found = troubles(look.figures, look.promisedFps, "leave");
  const kept = found.find((reason) => reason === before.reason) ?? found[0];
  if (kept !== undefined) return { ...before, reason: kept, doubtedSinceAtMs: null };
  return doubt(before, look.atMs, { status: "online", reason: null });
}

function doubt(before: Verdict, atMs: number, next: Pick<Verdict, "status" | "reason">): Verdict {
  const doubtedSinceAtMs = before.doubtedSinceAtMs ?? atMs;
  if (atMs - doubtedSinceAtMs < HOLD_MS) return { ...before, doubtedSinceAtMs };
  return { ...next, sinceAtMs: atMs, doubtedSinceAtMs: null };
}

/** The worst first. */
function troubles(
  { fps, lostFraction }: StreamFigures,
  promisedFps: number | undefined,
  border: "enter" | "leave",
): CameraHealthReason[] {
  const found: CameraHealthReason[] = [];
  if (lostFraction > LOST_FRACTION[border]) found.push("packet_loss");
  if (promisedFps !== undefined && fps < promisedFps * KEPT_RATE[border]) found.push("low_frame_rate");
  return found;
}
