/** A group may be sent twice: to a reader who comes again, by cameras that keep it. The third time is no accident. */
const MIN_IN_A_ROW = 3;

/**
 * Tells new pictures from those of a camera that sends the same one for ever, whatever connections they come by. Only
 * key frames that are wholly the same count as the same: even a still scene has noise, and encoders number them.
 */
export function createPictureWatch() {
  let last: Buffer | undefined;
  let inARow = 0;
  let secondAtMs = 0;
  let newestAtMs: number | undefined;
  let count = 0;

  function note(nowMs: number): true {
    newestAtMs = nowMs;
    count += 1;
    return true;
  }

  return {
    /** A whole key frame: true where it is another one than the last. Keeps `data`. */
    keyFrame(data: Buffer, nowMs: number): boolean {
      if (!last?.equals(data)) {
        last = data;
        inARow = 1;
        return note(nowMs);
      }
      inARow += 1;
      if (inARow === 2) secondAtMs = nowMs;
      // what came since the second was the same again: taken for new until now
      if (inARow === MIN_IN_A_ROW && newestAtMs !== undefined) newestAtMs = Math.min(newestAtMs, secondAtMs);
      return false;
    },
    /** Any other picture: true unless its key frame is a repeated one. */
    picture: (nowMs: number): boolean => inARow < MIN_IN_A_ROW && note(nowMs),
    repeats: (): boolean => inARow >= MIN_IN_A_ROW,
    /** When the last new picture came; undefined before any. */
    newestAtMs: () => newestAtMs,
    /** New pictures so far. */
    count: () => count,
  };
}
