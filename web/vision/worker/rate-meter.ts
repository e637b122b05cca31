/** Long enough to be steady at one picture a second, short enough to follow. */
const SPAN_MS = 10_000;

/** Pictures a second and milliseconds a picture over the newest seconds. */
export function createRateMeter(nowMs: () => number) {
  let startedAtMs = nowMs();
  let pictures: { atMs: number; tookMs: number }[] = [];
  return {
    add(tookMs: number): void {
      pictures.push({ atMs: nowMs(), tookMs });
    },
    reset(): void {
      startedAtMs = nowMs();
      pictures = [];
    },
    read(): { picturesPerSecond: number; msPerPicture: number } {
      const now = nowMs();
      pictures = pictures.filter((picture) => now - picture.atMs <= SPAN_MS);
      const spanMs = Math.max(1_000, Math.min(SPAN_MS, now - startedAtMs));
      const sumMs = pictures.reduce((sum, picture) => sum + picture.tookMs, 0);
      return {
        picturesPerSecond: Math.round((pictures.length / spanMs) * 10_000) / 10,
        msPerPicture: pictures.length > 0 ? Math.round((sumMs / pictures.length) * 10) / 10 : 0,
      };
    },
  };
}
