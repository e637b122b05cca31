import { expect, test } from "vitest";
import { camerasOf, chooseHow, type How, MEASURE_AT_MOST_MS, withLongestSide } from "./capacity.ts";
import { aModel } from "./examples.memory.ts";

/** A device that is as fast as `rateOf` says; null does not work there. Every try takes `tryMs`. */
async function deviceWith(options: {
  cores?: number;
  gpu?: boolean;
  tryMs?: number;
  rateOf(how: How): number | null;
}) {
  let nowMs = 0;
  const tried: string[] = [];
  const choice = await chooseHow({
    entry: aModel(),
    cores: options.cores ?? 2,
    hasGpu: options.gpu ?? false,
    nowMs: () => nowMs,
    async measure(how, atMostMs) {
      tried.push(`${how.executionProvider} ${how.sessions} ${how.longestPx}`);
      nowMs += Math.min(atMostMs, options.tryMs ?? 2_000);
      const rate = options.rateOf(how);
      if (rate === null || (options.tryMs ?? 0) > atMostMs) throw new Error("no answer");
      return rate;
    },
  });
  return { choice, tried, tookMs: nowMs };
}

test("two cores and no graphics processor are measured in one go", async () => {
  const { choice, tried } = await deviceWith({ rateOf: () => 30 });
  expect(tried).toEqual(["wasm 2 416"]);
  expect(choice).toEqual({ executionProvider: "wasm", sessions: 2, longestPx: 416, picturesPerSecond: 30 });
  expect(camerasOf(choice)).toBe(24);
});

test("more sessions are taken only where they are worth it", async () => {
  const shared = await deviceWith({ cores: 4, rateOf: ({ sessions }) => (sessions === 4 ? 21 : 20) });
  expect(shared.choice.sessions).toBe(2);
  const real = await deviceWith({ cores: 12, rateOf: ({ sessions }) => sessions * 9 });
  expect(real.tried).toEqual(["wasm 4 416", "wasm 8 416"]);
  expect(real.choice.sessions).toBe(8);
});

test("a graphics processor must beat all wasm sessions together, clearly", async () => {
  const by = (gpuRate: number | null) =>
    deviceWith({
      gpu: true,
      rateOf: ({ executionProvider }) => (executionProvider === "webgpu" ? gpuRate : 30),
    });
  expect((await by(60)).choice).toMatchObject({ executionProvider: "webgpu", picturesPerSecond: 60 });
  expect((await by(33)).choice.executionProvider).toBe("wasm");
  expect((await by(null)).choice.executionProvider).toBe("wasm");
});

test("a slow device looks at smaller pictures, a fast one never does", async () => {
  const slow = await deviceWith({ rateOf: ({ longestPx }) => (longestPx === 416 ? 2.5 : 4.5) });
  expect(slow.choice).toMatchObject({ longestPx: 320, picturesPerSecond: 4.5 });
  expect(camerasOf(slow.choice)).toBe(3);
  // a model of one size only
  const fixed = await deviceWith({ rateOf: ({ longestPx }) => (longestPx === 416 ? 2.5 : null) });
  expect(fixed.choice.longestPx).toBe(416);
});

test("it is over within its time, however slow every try is", async () => {
  const { choice, tookMs } = await deviceWith({ cores: 8, gpu: true, tryMs: 60_000, rateOf: () => 1 });
  expect(tookMs).toBeLessThanOrEqual(MEASURE_AT_MOST_MS);
  expect(choice).toEqual({ executionProvider: "wasm", sessions: 4, longestPx: 416, picturesPerSecond: null });
  expect(camerasOf(choice)).toBeNull();
});

test("a smaller input keeps its form, in multiples of 32", () => {
  const input = { name: "images", widthPx: 640, heightPx: 384 };
  expect(withLongestSide(aModel({ input }), 320).input).toEqual({ ...input, widthPx: 320, heightPx: 192 });
  expect(withLongestSide(aModel({ input }), 640).input).toEqual(input);
});
