const SECONDS = 60;

/** How many a second over the last minute, by a clock that is never put back. */
export function createRateMeter(steadyMs: () => number) {
  const counts = new Map<number, number>();
  const second = () => Math.floor(steadyMs() / 1_000);

  function forgetOld(): void {
    const first = second() - SECONDS + 1;
    for (const at of counts.keys()) if (at < first) counts.delete(at);
  }

  return {
    add(count: number): void {
      forgetOld();
      counts.set(second(), (counts.get(second()) ?? 0) + count);
    },
    perS(): number {
      forgetOld();
      return [...counts.values()].reduce((sum, count) => sum + count, 0) / SECONDS;
    },
  };
}
export type RateMeter = ReturnType<typeof createRateMeter>;
