import fc from "fast-check";
import { expect, test } from "vitest";
import { aMachine, aManualClock } from "./picture-pipeline.memory.ts";

const RUN_S = 120;
/** Let everybody have had a first turn. */
const WARM_S = 30;

type Camera = { id: string; perS: number; sendsPerS: number; isBusy: boolean };

const load = fc.record({
  detectors: fc.integer({ min: 1, max: 4 }),
  detectMs: fc.integer({ min: 10, max: 400 }),
  cameras: fc
    .array(
      fc.record({
        perS: fc.constantFrom(0.5, 1, 1, 1, 2),
        sendsPerS: fc.constantFrom(4, 5, 10),
        isBusy: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((list): Camera[] => list.map((camera, at) => ({ id: `camera ${at}`, ...camera }))),
});

/** What part of its rate each camera reached, and the longest time between two of its looks. */
async function play({
  detectors,
  detectMs,
  cameras,
}: {
  detectors: number;
  detectMs: number;
  cameras: Camera[];
}) {
  const clock = aManualClock();
  const busy = new Set(cameras.filter(({ isBusy }) => isBusy).map(({ id }) => id));
  const options = { detectors, detectMs, isBusy: (id: string) => busy.has(id) };
  const { setPeriods, send, looks, alive } = aMachine(clock, options);
  setPeriods(new Map(cameras.map(({ id, perS }) => [id, 1_000 / perS])));
  const startedAtMs = clock.nowMs();
  for (let step = 0; step < RUN_S * 20; step += 1) {
    for (const { id, sendsPerS } of cameras) if (step % (20 / sendsPerS) === 0) send(id);
    await clock.pass(50);
    expect(alive.size).toBeLessThanOrEqual(detectors + 1);
  }
  return cameras.map((camera) => {
    const times = looks
      .filter(({ cameraId, atMs }) => cameraId === camera.id && atMs >= startedAtMs + WARM_S * 1_000)
      .map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs));
    return {
      camera,
      reached: times.length / (RUN_S - WARM_S) / camera.perS,
      longestGapMs: Math.max(...gaps),
      oldestMs: Math.max(...looks.map(({ atMs, receivedAtMs }) => atMs - receivedAtMs)),
    };
  });
}

test("under any load no camera starves, rates fall evenly, busy ones first, and no picture is old", async () => {
  await fc.assert(
    fc.asyncProperty(load, async ({ detectors, detectMs, cameras }) => {
      const played = await play({ detectors, detectMs, cameras });
      const capacityPerS = (detectors * 1_000) / detectMs;
      const askedPerS = cameras.reduce((sum, { perS }) => sum + perS, 0);
      // A look takes longer than the time between two: no machine that is this slow gets there.
      const isQuickFor = ({ perS }: Camera) => 3 * detectMs < 1_000 / perS;
      const weightOf = ({ isBusy }: Camera) => (isBusy ? 2 : 1);
      // What everybody's part would be, were the machine shared by weight.
      const weighted = cameras.reduce((sum, camera) => sum + camera.perS * weightOf(camera), 0);
      const fair = Math.min(1, capacityPerS / weighted);
      for (const { camera, reached, longestGapMs, oldestMs } of played) {
        expect(reached).toBeGreaterThan(fair * (isQuickFor(camera) ? 0.7 : 0.3) - 0.05);
        const allowedMs = (1_000 / camera.perS) * (1 / fair) * 1.6 + 4 * detectMs + 400;
        expect(longestGapMs).toBeLessThan(allowedMs);
        // Newest at its turn: of the last quarter of a second, then three looks of others and its own.
        expect(oldestMs).toBeLessThanOrEqual(250 + 100 + 4 * detectMs);
      }
      if (askedPerS * 1.4 < capacityPerS) {
        for (const { camera, reached } of played) {
          if (isQuickFor(camera)) expect(reached).toBeGreaterThan(0.8);
        }
      }
      for (const isBusy of [true, false]) {
        const parts = played
          .filter(({ camera }) => camera.isBusy === isBusy && isQuickFor(camera))
          .map(({ reached }) => reached);
        if (fair < 0.7 && parts.length > 1) {
          // a look waits for the camera's next picture: of few looks one more or less is much
          expect(Math.max(...parts) / Math.min(...parts)).toBeLessThan(2.2);
        }
      }
    }),
    { numRuns: 25, seed: 5 },
  );
}, 60_000);

test("a machine that cannot keep up looks at busy cameras about twice as often as at calm ones", async () => {
  const cameras = Array.from({ length: 20 }, (_, at) => ({
    id: `camera ${at}`,
    perS: 1,
    sendsPerS: 5,
    isBusy: at < 10,
  }));
  const played = await play({ detectors: 1, detectMs: 200, cameras });
  const meanOf = (isBusy: boolean) => {
    const parts = played.filter(({ camera }) => camera.isBusy === isBusy).map(({ reached }) => reached);
    return parts.reduce((sum, part) => sum + part, 0) / parts.length;
  };
  expect(meanOf(true) / meanOf(false)).toBeGreaterThan(1.6);
  expect(meanOf(true) / meanOf(false)).toBeLessThan(2.4);
  expect(meanOf(true) + meanOf(false)).toBeCloseTo(0.5, 1);
});
