const REPEATS_FOR_MS = 5_000;
const MIN_IN_A_ROW = 3;

/**
 * Notices a camera that sends the same picture for ever. Only bytes that are wholly the same count: even a still scene
 * has noise, and encoders number their key frames.
 */
export function createRepeatWatch() {
  let last: Buffer | undefined;
  let sinceAtMs = 0;
  let inARow = 0;
  return {
    /** True while the key frames repeat. */
    keyFrame(data: Buffer, nowMs: number): boolean {
      if (!last?.equals(data)) {
        sinceAtMs = nowMs;
        inARow = 0;
      }
      last = data;
      inARow += 1;
      return inARow >= MIN_IN_A_ROW && nowMs - sinceAtMs >= REPEATS_FOR_MS;
    },
  };
}
