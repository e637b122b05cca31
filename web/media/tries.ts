import type { Attempt, Route } from "./attempt.ts";
import type { TransportReason } from "./player.ts";
import { LATE_MS } from "./player-state.ts";
import type {
  PictureSize,
  SessionStats,
  TransportEvents,
  TransportFailure,
  TransportSession,
} from "./transport.ts";

export type Role = "shown" | "trying" | "bridge";
export type Tries = Record<Role, Attempt | null>;

type TriesDeps = {
  open(route: Route, events: TransportEvents): TransportSession;
  nowMs: () => number;
  /** A new picture; it is what is shown now. */
  onPicture(attempt: Attempt): void;
  /** What was only tried is shown from now on. */
  onShown(attempt: Attempt): void;
  onFailed(attempt: Attempt, failure: TransportFailure): void;
};

/**
 * The sessions of one tile: what is shown, what is tried for it, and what is to be shown meanwhile; one of each at most.
 * A try takes the place of what is shown with its first picture, so that no change ever blanks what is there.
 */
export function createTries(deps: TriesDeps) {
  const { nowMs } = deps;
  const tries: Tries = { shown: null, trying: null, bridge: null };

  function open(role: "trying" | "bridge", { transport, stream }: Route, reason: TransportReason): void {
    drop(role);
    const attempt: Attempt = {
      transport,
      stream,
      reason,
      session: deps.open(
        { transport, stream },
        {
          onPicture: (size) => takePicture(attempt, size),
          onStill() {
            if (!attempt.ended && !tries.shown) attempt.session.show();
          },
          onStats: (stats) => takeStats(attempt, stats),
          onFailed(failure) {
            if (!attempt.ended) deps.onFailed(attempt, failure);
          },
        },
      ),
      openedAtMs: nowMs(),
      firstPictureAtMs: null,
      lastPictureAtMs: 0,
      size: { widthPx: 0, heightPx: 0 },
      stats: null,
      lateSinceMs: null,
      ended: false,
    };
    tries[role] = attempt;
  }

  function takePicture(attempt: Attempt, size: PictureSize): void {
    if (attempt.ended) return;
    attempt.lastPictureAtMs = nowMs();
    attempt.firstPictureAtMs ??= nowMs();
    attempt.size = size;
    if (attempt !== tries.shown) show(attempt);
    deps.onPicture(attempt);
  }

  function takeStats(attempt: Attempt, stats: SessionStats): void {
    attempt.stats = stats;
    const isLate = (stats.latencyMs ?? 0) > LATE_MS[attempt.transport];
    attempt.lateSinceMs = isLate ? (attempt.lateSinceMs ?? nowMs()) : null;
  }

  function show(attempt: Attempt): void {
    const role = attempt === tries.trying ? "trying" : "bridge";
    attempt.session.show();
    drop("shown");
    tries.shown = attempt;
    tries[role] = null;
    if (role === "trying") drop("bridge");
    deps.onShown(attempt);
  }

  function drop(role: Role): void {
    const attempt = tries[role];
    tries[role] = null;
    if (!attempt) return;
    attempt.ended = true;
    attempt.session.stop();
  }

  return {
    now: tries as Readonly<Tries>,
    open,
    drop,
    /** Lets go of it; the last picture of what is shown stays. */
    end(attempt: Attempt): void {
      attempt.ended = true;
      if (attempt === tries.shown) attempt.session.release();
      else drop(attempt === tries.trying ? "trying" : "bridge");
    },
    /** What was opened to be shown meanwhile turns out to be what is wanted. */
    promote(reason: TransportReason): void {
      const { bridge } = tries;
      if (!bridge) return;
      drop("trying");
      bridge.reason = reason;
      tries.trying = bridge;
      tries.bridge = null;
    },
  };
}
