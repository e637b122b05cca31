import { expect, test } from "vitest";
import { aPicture, aRandom, type Brightness } from "./example-pictures.memory.ts";
import { createMotionGate } from "./motion-gate.ts";

/** A shop: shelves of different brightness. */
const shop: Brightness = (x, y) => 60 + 100 * ((Math.floor(x / 32) + Math.floor(y / 24)) % 2) + x / 8;
const random = aRandom();
const noisy =
  (scene: Brightness, amplitude: number): Brightness =>
  (x, y) =>
    scene(x, y) + (random() + random() - 1) * amplitude;
/** Small: fewer pixels to draw. */
const SMALL = { widthPx: 256, heightPx: 144 };
/** A person far away: 5x12 of 256x144, as 12x30 of 640x360. */
const withPerson =
  (scene: Brightness, left = 120, contrast = 40): Brightness =>
  (x, y) =>
    scene(x, y) - (x >= left && x < left + 5 && y >= 60 && y < 72 ? contrast : 0);

function gateThatSaw(scene: () => Brightness, pictures: number) {
  const gate = createMotionGate();
  const judge = (brightness: Brightness, isBusy = false) =>
    gate.judge(aPicture(brightness, SMALL), isBusy).moved;
  const seen = Array.from({ length: pictures }, () => judge(scene()));
  return { judge, seen };
}

test("the first picture is new, the same one again is not", () => {
  expect(gateThatSaw(() => shop, 4).seen).toEqual([true, false, false, false]);
});

test.each([4, 12, 30])("noise of %i grey levels does not count as motion", (amplitude) => {
  const { seen } = gateThatSaw(() => noisy(shop, amplitude), 40);
  expect(seen.slice(3).filter(Boolean)).toEqual([]);
});

test.each([
  [4, 20],
  [30, 40],
])("in noise of %i a person far away is seen, coming, going on and leaving", (amplitude, contrast) => {
  const { judge } = gateThatSaw(() => noisy(shop, amplitude), 20);
  expect(judge(noisy(withPerson(shop, 120, contrast), amplitude))).toBe(true);
  expect(judge(noisy(withPerson(shop, 132, contrast), amplitude))).toBe(true);
  for (let more = 0; more < 40; more += 1) judge(noisy(withPerson(shop, 132, contrast), amplitude));
  expect(judge(noisy(shop, amplitude))).toBe(true);
});

test.each<[string, (scene: Brightness) => Brightness]>([
  ["a lamp that is switched on", (scene) => (x, y) => scene(x, y) + 25],
  ["an exposure that falls", (scene) => (x, y) => scene(x, y) * 0.8],
  ["both", (scene) => (x, y) => scene(x, y) * 1.15 - 8],
])("%s is no motion, and a person in the new light is", (_, light) => {
  const { judge } = gateThatSaw(() => noisy(shop, 4), 20);
  expect(judge(noisy(light(shop), 4))).toBe(false);
  expect(judge(noisy(withPerson(light(shop)), 4))).toBe(true);
});

test("light that changes slowly over a day never counts", () => {
  const { judge } = gateThatSaw(() => noisy(shop, 4), 10);
  for (let step = 0; step < 60; step += 1) {
    expect(judge(noisy((x, y) => shop(x, y) * (1 - step / 120), 4))).toBe(false);
  }
});

/** Leaves before a window, in a corner. */
const leaves = (scene: Brightness, strength: number): Brightness => {
  const phase = random() * 2 - 1;
  return (x, y) => scene(x, y) + (x < 48 && y < 40 ? strength * phase * Math.sin(x / 11 + y / 9) : 0);
};

test("what moves all the time and is nobody is learnt, and a person elsewhere is still seen", () => {
  const { seen, judge } = gateThatSaw(() => noisy(leaves(shop, 20), 4), 120);
  expect(seen.slice(0, 10).filter(Boolean).length).toBeGreaterThan(1);
  expect(seen.slice(-40).filter(Boolean).length).toBeLessThan(4);
  expect(judge(noisy(withPerson(leaves(shop, 20)), 4))).toBe(true);
});

test("people who come and go all day are not learnt as noise", () => {
  const { judge } = gateThatSaw(() => noisy(shop, 4), 10);
  for (let more = 0; more < 200; more += 1) {
    judge(noisy(withPerson(shop, 112 + 4 * (more % 5)), 4), true);
  }
  for (let more = 0; more < 60; more += 1) judge(noisy(shop, 4));
  expect(judge(noisy(withPerson(shop, 120, 25), 4))).toBe(true);
});

test("another size of picture, or quite another scene, is new, and then usual", () => {
  const { judge } = gateThatSaw(() => shop, 5);
  const turned: Brightness = (x, y) => shop(x + 31, y + 22) / 2 + ((x * y) % 97);
  expect([judge(turned), judge(turned)]).toEqual([true, false]);
  const gate = createMotionGate();
  const large = aPicture(shop, { widthPx: 1280, heightPx: 720 });
  const small = aPicture(shop);
  const moved = [small, large, large, small].map((picture) => gate.judge(picture, false).moved);
  expect(moved).toEqual([true, true, false, true]);
});

test("a picture smaller than its blocks, and one in RGB, are read without a fault", () => {
  const gate = createMotionGate();
  const tiny = aPicture(() => 90, { widthPx: 32, heightPx: 18 });
  expect([gate.judge(tiny, false).moved, gate.judge(tiny, false).moved]).toEqual([true, false]);
  const rgb = (red: number) => ({
    widthPx: 128,
    heightPx: 72,
    bytes: new Uint8Array(128 * 72 * 4).map((_, at) =>
      at % 4 === 1 ? 100 + red * Number(at > 18_000 && at < 22_000) : 7,
    ),
    pixels: { kind: "rgbx" as const, offset: 0, strideBytes: 512 },
  });
  const moved = [0, 0, 60].map((red) => gate.judge(rgb(red), false).moved);
  expect(moved).toEqual([true, false, true]);
});
