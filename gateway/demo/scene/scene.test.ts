import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSceneClock, SCENE_CLOCK, sceneClockBlocks } from "../../contract/scene-clock.ts";
import type { Canvas } from "./canvas.ts";
import { createScene } from "./scene.ts";
import { sceneTruth } from "./truth.ts";

/** Green stands for brightness; sampled, not averaged, which is the harshest way to scale. */
function greenAt({ pixels, widthPx, heightPx }: Canvas, toWidthPx: number, toHeightPx: number): Uint8Array {
  return Uint8Array.from({ length: toWidthPx * toHeightPx }, (_, index) => {
    const x = Math.floor(((index % toWidthPx) * widthPx) / toWidthPx);
    const y = Math.floor((Math.floor(index / toWidthPx) * heightPx) / toHeightPx);
    return pixels[(y * widthPx + x) * 3 + 1] ?? 0;
  });
}

test("the clock in the picture is read at the picture's size, smaller and larger", () => {
  const scene = createScene();
  for (const clipMs of [0, 67, 19_933, 39_933]) {
    const picture = scene.drawAt(clipMs);
    expect(readSceneClock(picture.pixels, 640, 360, 3, 1)).toBe(clipMs);
    for (const [width, height] of [
      [416, 234],
      [320, 180],
      [1280, 720],
    ] as const) {
      expect(readSceneClock(greenAt(picture, width, height), width, height)).toBe(clipMs);
    }
  }
});

test("any time up to the clock's end is read back, and one wrong block is noticed", () => {
  const strip = (blocks: boolean[]): number[] => blocks.map((isLight) => (isLight ? 240 : 20));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: SCENE_CLOCK.maxMs }),
      fc.integer({ min: 0, max: 31 }),
      (clipMs, wrong) => {
        const blocks = sceneClockBlocks(clipMs);
        expect(readSceneClock(strip(blocks), 32, 1)).toBe(clipMs);
        expect(
          readSceneClock(strip(blocks.map((on, index) => on !== (index === wrong))), 32, 1),
        ).toBeUndefined();
      },
    ),
  );
});

test("a picture without a clock has none", () => {
  expect(readSceneClock(new Uint8Array(640 * 360).fill(90), 640, 360)).toBeUndefined();
});

test("the committed list of who is where is the one the drawing gives", () => {
  const file = new URL("../shop-scene.truth.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(sceneTruth());
});

test("the shop is empty where the clip begins again, and a queue of three lasts long enough to be noticed", () => {
  const { seconds, tracks, queuePeriods, lengthMs } = sceneTruth();
  expect(seconds[0]?.people).toEqual([]);
  expect(seconds.at(-1)?.people).toEqual([]);
  expect(tracks.map((track) => track.trackId)).toEqual([1, 2, 3, 4, 5, 6]);
  const [queue, ...more] = queuePeriods.filter((period) => period.minPeople === 3);
  expect(more).toEqual([]);
  expect((queue?.toMs ?? 0) - (queue?.fromMs ?? 0)).toBeGreaterThan(15_000);
  expect(queue?.toMs).toBeLessThan(lengthMs - 5_000);
});

test("a picture is the same whatever was drawn before it", () => {
  const [one, other] = [createScene(), createScene()];
  one.drawAt(3_000);
  expect(one.drawAt(15_000).pixels).toEqual(other.drawAt(15_000).pixels);
});
