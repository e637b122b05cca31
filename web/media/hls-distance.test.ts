import { expect, test } from "vitest";
import { createHlsDistance } from "./hls-distance.ts";

/** A stream in parts that is 0.8 s behind its edge where it is wanted, and begun long ago. */
function setUp() {
  let nowMs = 0;
  const distance = createHlsDistance(() => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const parts = { partHoldBackS: 0.65, segmentS: 1 };
  const rate = (behindEdgeS: number, bufferS = 0.6) => distance.rate({ behindEdgeS, bufferS, ...parts });
  return { distance, pass, rate };
}

test("the farther behind the faster it plays, until it is where it is wanted", () => {
  const { rate } = setUp();
  expect(rate(0.9)).toBe(1);
  expect(rate(1)).toBe(1.1);
  expect(rate(1.3)).toBe(1.2);
  expect(rate(3)).toBe(1.3);
  expect(rate(0.85)).toBe(1.05);
  expect(rate(0.82)).toBe(1);
});

test("with little in the buffer it does not play faster", () => {
  const { rate } = setUp();
  expect(rate(1.5, 0.2)).toBe(1);
});

test("whole segments are played a segment behind the edge and a little more", () => {
  const distance = createHlsDistance(() => 0);
  const rate = (behindEdgeS: number) =>
    distance.rate({ behindEdgeS, bufferS: 1, partHoldBackS: 0, segmentS: 2 });
  expect(rate(2.4)).toBe(1);
  expect(rate(2.5)).toBe(1.1);
});

test("a stall asks for more room, and calm gives it back", () => {
  const { distance, pass, rate } = setUp();
  pass(3_000);
  distance.stalled();
  expect(rate(1)).toBe(1);
  pass(19_000);
  expect(rate(1)).toBe(1);
  pass(1_000);
  rate(1);
  pass(20_000);
  expect(rate(1)).toBe(1.1);
});

test("stalls never ask for more than a second", () => {
  const { distance, pass, rate } = setUp();
  pass(3_000);
  for (let i = 0; i < 20; i++) distance.stalled();
  expect(rate(2)).toBe(1.1);
});

test("a stall of the beginning changes nothing", () => {
  const { distance, rate } = setUp();
  distance.stalled();
  expect(rate(1)).toBe(1.1);
});
