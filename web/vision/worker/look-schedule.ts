/**
 * Key frames of a camera asked once a second come once a second, a little sooner or later: one that is so much early
 * is not left waiting.
 */
const EARLY = 0.15;
/** What moves is looked at so much more often than what does not, where the machine cannot keep up. */
const BUSY_WEIGHT = 2;

type Turn = {
  periodMs: number;
  isBusy: boolean;
  /** There is a picture of it to take, and none in work. */
  isReady: boolean;
  /** When it was its turn last; before the first, when it came. */
  lastAtMs: number;
  hadTurn: boolean;
};

/**
 * Whose turn it is. A camera is due when its period is over, and of those that are due the one goes first that waited
 * longest, measured in its own periods: so the rates of all fall by the same factor when the machine cannot keep up,
 * and what waits long enough comes before everything. Busy cameras wait half as long, calm ones never more than twice
 * what is fair.
 */
export function createLookSchedule() {
  const turns = new Map<string, Turn>();

  /** A clock that was set back must not put anybody off. */
  const isDue = ({ hadTurn, lastAtMs, periodMs }: Turn, nowMs: number): boolean =>
    !hadTurn || nowMs < lastAtMs || nowMs - lastAtMs >= periodMs * (1 - EARLY);

  /** How long it waited, in its own periods. The first turn counts as one missed already. */
  function urgency(turn: Turn, nowMs: number): number {
    const waited = (nowMs - turn.lastAtMs) / turn.periodMs + (turn.hadTurn ? 0 : 1);
    return waited * (turn.isBusy ? BUSY_WEIGHT : 1);
  }

  return {
    setPeriod(cameraId: string, periodMs: number, nowMs: number): void {
      const turn = turns.get(cameraId);
      if (turn) turn.periodMs = periodMs;
      else {
        const fresh = { isBusy: false, isReady: false, lastAtMs: nowMs, hadTurn: false };
        turns.set(cameraId, { periodMs, ...fresh });
      }
    },
    setReady(cameraId: string, isReady: boolean): void {
      const turn = turns.get(cameraId);
      if (turn) turn.isReady = isReady;
    },
    setBusy(cameraId: string, isBusy: boolean): void {
      const turn = turns.get(cameraId);
      if (turn) turn.isBusy = isBusy;
    },
    /** The camera whose turn it is, of those that are eligible, which is thereby taken; null when none is due. */
    next(nowMs: number, isEligible: (cameraId: string) => boolean = () => true): string | null {
      let best: { cameraId: string; turn: Turn; urgency: number } | null = null;
      for (const [cameraId, turn] of turns) {
        if (!turn.isReady || !isDue(turn, nowMs) || !isEligible(cameraId)) continue;
        const wanted = urgency(turn, nowMs);
        if (!best || wanted > best.urgency) best = { cameraId, turn, urgency: wanted };
      }
      if (!best) return null;
      best.turn.lastAtMs = nowMs;
      best.turn.hadTurn = true;
      best.turn.isReady = false;
      return best.cameraId;
    },
    /** When the next camera that is ready will be due; null when none is ready. */
    nextDueAtMs(): number | null {
      let dueAtMs = Number.POSITIVE_INFINITY;
      for (const turn of turns.values()) {
        if (turn.isReady) dueAtMs = Math.min(dueAtMs, turn.lastAtMs + turn.periodMs * (1 - EARLY));
      }
      return Number.isFinite(dueAtMs) ? dueAtMs : null;
    },
    /** Its turn came and went without it since its last one, and since `sinceMs`. */
    missedTurn(cameraId: string, sinceMs: number, nowMs: number): boolean {
      const turn = turns.get(cameraId);
      return Boolean(turn && nowMs - Math.max(turn.lastAtMs, sinceMs) >= turn.periodMs * (1 - EARLY));
    },
    drop: (cameraId: string) => void turns.delete(cameraId),
  };
}
export type LookSchedule = ReturnType<typeof createLookSchedule>;
