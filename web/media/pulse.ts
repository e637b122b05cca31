/** Timers that come this much too late: the machine slept, or the page was frozen. */
const SLEPT_MS = 5_000;

/** `hasSlept`: whatever was open is likely dead, and the silence since is nobody's fault. */
export type Beat = (hasSlept: boolean) => void;

/** One timer for all players of a page; runs while somebody has joined. */
export function createPulse({ everyMs, nowMs }: { everyMs: number; nowMs: () => number }) {
  const beats = new Set<Beat>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let lastMs = 0;

  function beatAll(): void {
    const hasSlept = nowMs() - lastMs > everyMs + SLEPT_MS;
    lastMs = nowMs();
    for (const beat of [...beats]) beat(hasSlept);
  }

  /** Returns the function that leaves. */
  return function join(beat: Beat): () => void {
    beats.add(beat);
    if (timer === undefined) {
      lastMs = nowMs();
      timer = setInterval(beatAll, everyMs);
    }
    return () => {
      beats.delete(beat);
      if (beats.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}
