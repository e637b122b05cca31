/** The shortest delay of the newest half hour counts, so that a clock set anew is believed within that time. */
const SPAN_MS = 900_000;

/**
 * The gateway's clock as this machine can tell it: the smallest delay ever seen between a live picture reaching the
 * gateway and reaching this page is taken for none at all. Both clocks may be hours apart.
 */
export function createGatewayClock(nowMs: () => number) {
  let current = { startedAtMs: Number.NEGATIVE_INFINITY, offsetMs: Number.POSITIVE_INFINITY };
  let previous = current;
  return {
    /** A live picture arrives that reached the gateway at `receivedAtMs`. */
    hear(receivedAtMs: number): void {
      const localMs = nowMs();
      if (localMs - current.startedAtMs > SPAN_MS) {
        previous = current;
        current = { startedAtMs: localMs, offsetMs: Number.POSITIVE_INFINITY };
      }
      current.offsetMs = Math.min(current.offsetMs, localMs - receivedAtMs);
    },
    /** Null before the first picture. Late by the shortest delay, never early. */
    nowMs(): number | null {
      const offsetMs = Math.min(current.offsetMs, previous.offsetMs);
      return Number.isFinite(offsetMs) ? nowMs() - offsetMs : null;
    },
  };
}
export type GatewayClock = ReturnType<typeof createGatewayClock>;
