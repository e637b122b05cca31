import type { CameraFault } from "#contract/cameras.ts";

/** So many failures in a row open it. */
const MAX_FAILURES = 5;
/** Then the camera is left alone for so long. */
export const OPEN_FOR_MS = 60_000;
/** A camera that played for so long before it failed begins a new row: one that drops all the time is not hammered. */
const STEADY_AFTER_MS = 5_000;

/**
 * Whether a camera is tried. `closed`: as often as it takes. `open`: not before `untilAtMs`. `half_open`: it is tried
 * out, and has not played yet. `failures` in a row, up to five.
 */
export type Circuit =
  | { status: "closed" | "half_open"; failures: number }
  | { status: "open"; failures: number; untilAtMs: number };

export const CLOSED: Circuit = { status: "closed", failures: 0 };

/** `playedMs`: how long new pictures came before it failed, 0 where none did. */
export type Failed = { fault: CameraFault; playedMs: number; atMs: number };

/**
 * A wrong password counts for nothing: it is not tried again anyway. Nor does a frozen picture, where the circuit is
 * closed: the camera answers, and the watchdog does not connect more often than once in 15 s.
 */
export function afterFailure(circuit: Circuit, { fault, playedMs, atMs }: Failed): Circuit {
  const before = playedMs >= STEADY_AFTER_MS ? 0 : circuit.failures;
  const counts = fault !== "unauthorized" && !(fault === "frozen" && circuit.status === "closed");
  const failures = counts ? before + 1 : before;
  if (failures >= MAX_FAILURES) return { status: "open", failures, untilAtMs: atMs + OPEN_FOR_MS };
  return { status: circuit.status === "half_open" ? "half_open" : "closed", failures };
}

/** The time is over: one try, and the next failure opens it again. */
export const afterWait = (): Circuit => ({ status: "half_open", failures: MAX_FAILURES - 1 });

/** Somebody listens again where nobody did: a camera that starts may still refuse a few times. */
export const afterKnock = (): Circuit => ({ status: "half_open", failures: 0 });

/** It plays. Until it has done so for a while, the failures before it still count. */
export const afterPicture = ({ failures }: Circuit): Circuit => ({ status: "closed", failures });
