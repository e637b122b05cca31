import type { Attempt } from "./attempt.ts";
import type { TransportChoice } from "./choose-transport.ts";
import type { PlayerState, Transport } from "./player.ts";
import type { Way } from "./way.ts";

/** Without a new picture for this long, what is shown is no longer live. */
export const STALLED_MS = 3_000;
/** Farther behind than this is not live. Plain HLS is 2 s late on a bad day; the others 0.2 s. */
export const LATE_MS: Record<Transport, number> = { webrtc: 1_500, direct: 1_500, hls: 6_000 };
/** A moment of lateness is caught up by the session itself. */
const LATE_FOR_MS = 1_000;
/** When nothing came for this long though all is well, it is no longer a matter of connecting. */
const CONNECTS_MS = 8_000;
/** The gateway calls a camera frozen this long after its last new picture. */
const FROZEN_AFTER_MS = 15_000;

export type Situation = {
  nowMs: number;
  choice: TransportChoice;
  /** Whether `choice` is a person's. */
  isPinned: boolean;
  shown: Attempt | null;
  trying: Attempt | null;
  bridge: Attempt | null;
  way: Way;
  /** Since when a picture could have come; null while something stands in the way. */
  waitingSinceMs: number | null;
  /** When the last new picture came, as far as was known before. */
  lastNewAtMs: number | null;
};

/**
 * The truth about a tile, from what the gateway says of the camera and from what arrives. What moves is live, whatever
 * the gateway's own connection does, except where the camera is known to repeat itself. A picture that once was there
 * stays, and is said to stand still.
 */
export function describeState(situation: Situation): PlayerState {
  const { shown } = situation;
  return (
    frozen(situation) ??
    (shown && isFresh(shown, situation.nowMs) ? moving(situation, shown) : null) ??
    unreachable(situation) ??
    waiting(situation)
  );
}

export function isFresh(attempt: Attempt, nowMs: number): boolean {
  return !attempt.ended && nowMs - attempt.lastPictureAtMs < STALLED_MS;
}

function frozen({ nowMs, shown, way, lastNewAtMs }: Situation): PlayerState | null {
  const told = way.link !== "lost" && way.camera.status === "down" && way.camera.fault === "frozen";
  const alikeSinceMs = shown && isFresh(shown, nowMs) ? (shown.stats?.alikeSinceMs ?? null) : null;
  const isSeen = alikeSinceMs !== null && nowMs - alikeSinceMs >= STALLED_MS;
  if (!told && !isSeen) return null;
  const toldSinceMs = told ? frozenSinceMs(way) : null;
  const known = [alikeSinceMs, toldSinceMs, lastNewAtMs].filter((atMs) => atMs !== null);
  return {
    status: "frozen",
    transport: shown?.transport ?? null,
    reason: shown?.reason ?? null,
    lastPictureAtMs: known.length > 0 ? Math.min(...known) : null,
  };
}

/** By this device's clock. */
function frozenSinceMs({ camera, clockAheadMs }: Way): number | null {
  if (camera.status !== "down" || clockAheadMs === null) return null;
  return Math.round(camera.sinceAtMs - clockAheadMs - FROZEN_AFTER_MS);
}

function moving(situation: Situation, shown: Attempt): PlayerState {
  const { nowMs, way } = situation;
  const { transport, stream, size, lateSinceMs, lastPictureAtMs } = shown;
  const reason = reasonOf(situation, shown);
  if (lateSinceMs !== null && nowMs - lateSinceMs >= LATE_FOR_MS) {
    // by whole seconds: it is told again at every change
    const behindMs = Math.round((shown.stats?.latencyMs ?? 0) / 1_000) * 1_000;
    const madeAtMs = Math.floor(lastPictureAtMs / 1_000) * 1_000 - behindMs;
    return { status: "stalled", transport, reason, cause: "late", lastPictureAtMs: madeAtMs };
  }
  const notice = way.link !== "lost" && way.camera.status === "down" ? { notice: way.camera.fault } : {};
  return { status: "playing", transport, reason, stream, ...size, ...notice };
}

function reasonOf({ choice, isPinned }: Situation, shown: Attempt): Attempt["reason"] {
  if (choice.kind === "use" && choice.transport === shown.transport) return choice.reason;
  return isPinned ? "until_pinned" : shown.reason;
}

/** Nothing moves, and the gateway or the camera is known to be the cause. */
function unreachable(situation: Situation): PlayerState | null {
  const { way, lastNewAtMs: lastPictureAtMs, shown, trying } = situation;
  if (way.link === "lost")
    return { status: "offline", fault: "network", detail: "The gateway does not answer.", lastPictureAtMs };
  if (way.camera.status !== "down") return null;
  const { fault, detail, nextTryAtMs } = way.camera;
  if (trying && !shown && !hasWaited(situation)) return null; // another reader is at it, and may do better
  if (fault === "unauthorized") return { status: "unauthorized", detail, lastPictureAtMs };
  if (fault === "unsupported_codec") return { status: "unsupported", fault, detail };
  const next = nextTryAtMs === undefined ? {} : { nextTryAtMs };
  return { status: "offline", fault, detail, lastPictureAtMs, ...next };
}

/** Nothing moves, and nobody but the transport is known to be the cause. */
function waiting(situation: Situation): PlayerState {
  const { choice, shown, trying, lastNewAtMs } = situation;
  if (!shown && choice.kind === "none")
    return { status: "unsupported", fault: choice.fault, detail: choice.detail };
  const way = trying ?? (choice.kind === "use" ? choice : shown);
  if (!way) throw new Error("a way is chosen, or a picture is there");
  const { transport, reason } = shown ?? way;
  if (!shown && !hasWaited(situation)) return { status: "connecting", transport, reason };
  return { status: "stalled", transport, reason, cause: causeOf(situation), lastPictureAtMs: lastNewAtMs };
}

function hasWaited({ nowMs, waitingSinceMs }: Situation): boolean {
  return waitingSinceMs !== null && nowMs - waitingSinceMs >= CONNECTS_MS;
}

function causeOf({ nowMs, shown, trying, bridge }: Situation): "no_bytes" | "no_pictures" | "late" {
  if (shown?.ended && shown.lateSinceMs !== null) return "late"; // it was given up for that
  const attempts = [shown, trying, bridge].filter((attempt) => attempt !== null && !attempt.ended);
  const newestMs = Math.max(0, ...attempts.map((attempt) => attempt?.stats?.bytesAtMs ?? 0));
  return nowMs - newestMs < STALLED_MS ? "no_pictures" : "no_bytes";
}

/** Whether a change is worth telling. */
export function isSameState(one: PlayerState, other: PlayerState): boolean {
  // every kind of state is a flat record
  const [before, after] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  const keys = Object.keys(after);
  return Object.keys(before).length === keys.length && keys.every((key) => before[key] === after[key]);
}
