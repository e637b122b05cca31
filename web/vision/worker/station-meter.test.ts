import { expect, test } from "vitest";
import { createStationMeter } from "./station-meter.ts";

const aLook = { found: [], detectMs: 32, inferenceMs: 30, letterboxMs: 1 };

/** Ten seconds, of each of which `second` tells the meter something. */
function tenSeconds(second: (meter: ReturnType<typeof createStationMeter>, index: number) => void) {
  let nowMs = 1_000_000;
  const meter = createStationMeter(() => nowMs);
  meter.setRates(new Map([["till", 1]]));
  for (let index = 0; index < 10; index += 1) {
    second(meter, index);
    nowMs += 1_000;
  }
  nowMs -= 1; // in the last of the ten seconds
  const { cameras, picturesPerSecond } = meter.read(() => null);
  return { ...cameras[0], picturesPerSecond };
}

test("a camera whose pictures are left out says how many; one that sends none leaves none out", () => {
  const full = tenSeconds((meter, index) =>
    index < 6 ? meter.addLook("till", aLook) : meter.addSkip("till"),
  );
  expect(full).toMatchObject({ askedPerS: 1, reachedPerS: 0.6, skippedPerS: 0.4 });
  expect(tenSeconds(() => {})).toMatchObject({ askedPerS: 1, reachedPerS: 0, skippedPerS: 0 });
});

test("a still picture counts as reached, and takes nothing of what the detectors can do", () => {
  const calm = tenSeconds((meter, index) =>
    index < 2 ? meter.addLook("till", aLook) : meter.addStill("till"),
  );
  expect(calm).toMatchObject({ reachedPerS: 1, skippedPerS: 0, stillShare: 0.8, picturesPerSecond: 0.2 });
});
