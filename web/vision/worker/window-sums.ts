/** Long enough to be steady at one picture a second, short enough to follow. */
export const WINDOW_S = 10;

/** Sums over the newest 10 s, in buckets of a second: adding costs one addition, however much is added. */
export function createWindowSums<Name extends string>(names: readonly Name[], nowMs: () => number) {
  const buckets = new Float64Array(names.length * WINDOW_S);
  const startedAtMs = nowMs();
  let newestS = Math.floor(startedAtMs / 1_000);

  /** Empties what is older than the window. */
  function advance(): number {
    const nowS = Math.floor(nowMs() / 1_000);
    const from = Math.max(newestS + 1, nowS - WINDOW_S + 1);
    for (let second = from; second <= nowS; second += 1) {
      const start = (second % WINDOW_S) * names.length;
      buckets.fill(0, start, start + names.length);
    }
    // A clock that was set back must not empty anything twice.
    newestS = Math.max(newestS, nowS);
    return nowS;
  }

  return {
    add(name: Name, value: number): void {
      const at = (advance() % WINDOW_S) * names.length + names.indexOf(name);
      buckets[at] = (buckets[at] ?? 0) + value;
    },
    sum(name: Name): number {
      advance();
      let sum = 0;
      for (let at = names.indexOf(name); at < buckets.length; at += names.length) sum += buckets[at] ?? 0;
      return sum;
    },
    /** How much time the sums are of: less than the window at first. The second that runs counts by its part. */
    spanS(): number {
      const sinceS = (nowMs() - startedAtMs) / 1_000;
      const partS = (nowMs() / 1_000) % 1;
      return Math.max(1, Math.min(WINDOW_S - 1 + partS, sinceS));
    },
  };
}
export type WindowSums<Name extends string> = ReturnType<typeof createWindowSums<Name>>;
