import { expect, test } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import type { ListedPath } from "./control-api.ts";
import { createPathWatch } from "./path-watch.ts";

/** A MediaMTX of which a test says how its paths are, and a clock that moves only when told. */
function begin() {
  let atMs = 1_000_000;
  let due: { run: () => void; atMs: number } | undefined;
  const paths = new Map<string, ListedPath>();
  const told: string[] = [];
  let looks = 0;
  let fails = false;
  const watch = createPathWatch({
    nowMs: () => atMs,
    setTimer(run, delayMs) {
      due = { run, atMs: atMs + delayMs };
      return () => {
        due = undefined;
      };
    },
    async listPaths() {
      looks += 1;
      if (fails) throw new Error("no answer");
      return [...paths.values()];
    },
    async drop(name) {
      told.push(`drop ${name}`);
      paths.delete(name);
    },
    onRestart: (name) => void told.push(`restarted ${name}`),
    log: silentLogger(),
  });
  const state = (name: string, change: Partial<ListedPath>) => {
    const before = paths.get(name) ?? { name, isReady: true, receivedBytes: 0, readers: ["webRTCSession"] };
    paths.set(name, { ...before, ...change });
  };
  return {
    watch,
    told,
    state,
    looks: () => looks,
    isIdle: () => due === undefined,
    failing: (isFailing: boolean) => {
      fails = isFailing;
    },
    /** Lets the time pass; `each` is called before each look. */
    async pass(ms: number, each: () => void = () => {}) {
      const endMs = atMs + ms;
      while (due && due.atMs <= endMs) {
        const { run, atMs: dueAtMs } = due;
        due = undefined;
        atMs = dueAtMs;
        each();
        run();
        await new Promise(setImmediate); // the look ends
      }
      atMs = endMs;
    },
  };
}

test("while nobody watches, MediaMTX is not asked", async () => {
  const { watch, looks, isIdle, state, pass } = begin();
  state("a_main", { readers: [], isReady: false });
  await pass(60_000);
  expect(looks()).toBe(0);
  watch.viewed("a_main");
  await pass(60_000);
  expect(looks()).toBe(3); // it never became a reader
  expect(isIdle()).toBe(true);
});

test("one request every 5 s tells of all paths", async () => {
  const { watch, looks, state, pass } = begin();
  for (let index = 0; index < 36; index++) {
    state(`${index}_sub`, {});
    watch.viewed(`${index}_sub`);
  }
  let bytes = 0;
  await pass(50_000, () => {
    bytes += 1;
    for (let index = 0; index < 36; index++) state(`${index}_sub`, { receivedBytes: bytes });
  });
  expect(looks()).toBe(10);
});

test("a path whose bytes stood still for 15 s is dropped and told, one that gets bytes is not", async () => {
  const { watch, told, state, pass } = begin();
  state("frozen_main", { receivedBytes: 500 });
  state("alive_main", {});
  watch.viewed("frozen_main");
  watch.viewed("alive_main");
  let bytes = 0;
  const flow = () => {
    bytes += 1;
    state("alive_main", { receivedBytes: bytes });
  };
  await pass(15_000, flow);
  expect(told).toEqual([]);
  await pass(5_000, flow);
  expect(told).toEqual(["drop frozen_main", "restarted frozen_main"]);
});

test("a camera that stays frozen is pulled anew at most once in 15 s", async () => {
  const { watch, told, state, pass } = begin();
  const comesAgain = () => {
    state("a_main", { receivedBytes: 0 });
    watch.viewed("a_main");
  };
  comesAgain();
  let restarts = 0;
  for (let second = 0; second < 60; second++) {
    await pass(1_000);
    const now = told.filter((what) => what === "restarted a_main").length;
    if (now > restarts) comesAgain();
    restarts = now;
  }
  expect(restarts).toBeGreaterThanOrEqual(2);
  expect(restarts).toBeLessThanOrEqual(4);
});

test("bytes that start again from nought count as new ones", async () => {
  const { watch, told, state, pass } = begin();
  watch.viewed("a_main");
  const counts = [900, 900, 20, 20, 30, 30, 40, 40];
  await pass(40_000, () => state("a_main", { receivedBytes: counts.shift() ?? 0 }));
  expect(told).toEqual([]);
});

test("a path that is not ready is not called frozen", async () => {
  const { watch, told, state, pass } = begin();
  state("a_main", { isReady: false });
  watch.viewed("a_main");
  await pass(60_000);
  expect(told).toEqual([]);
});

test("a MediaMTX that tells no bytes is never restarted for it", async () => {
  const { watch, told, state, pass } = begin();
  state("a_main", { receivedBytes: undefined });
  watch.viewed("a_main");
  await pass(60_000);
  expect(told).toEqual([]);
});

test("looks that MediaMTX did not answer say nothing of a path", async () => {
  const { watch, told, state, failing, pass } = begin();
  let bytes = 0;
  const flow = () => {
    bytes += 1;
    state("a_main", { receivedBytes: bytes });
  };
  watch.viewed("a_main");
  await pass(5_000, flow);
  failing(true);
  await pass(30_000, flow);
  failing(false);
  await pass(10_000, flow);
  expect(told).toEqual([]);
});

test.each([["hlsMuxer"], ["hlsSession"], ["hidden"]])(
  "30 s after the last HLS request its pull is let go, though MediaMTX still counts a %s",
  async (reader) => {
    const { watch, told, isIdle, state, pass } = begin();
    let bytes = 0;
    const flow = () => {
      bytes += 1;
      state("a_main", { receivedBytes: bytes, readers: [reader] });
    };
    for (let asked = 0; asked < 20; asked++) {
      watch.viewed("a_main");
      await pass(2_000, flow);
    }
    await pass(25_000, flow);
    expect(told).toEqual([]);
    await pass(10_000, flow);
    expect(told).toEqual(["drop a_main"]);
    expect(isIdle()).toBe(true);
  },
);

test("a WebRTC viewer that stays keeps the pull, and one that left gives it 30 s more", async () => {
  const { watch, told, state, pass } = begin();
  let bytes = 0;
  let readers = ["hidden", "webRTCSession"];
  const flow = () => {
    bytes += 1;
    state("a_main", { receivedBytes: bytes, readers });
  };
  watch.viewed("a_main");
  await pass(120_000, flow);
  expect(told).toEqual([]);
  readers = ["hidden"];
  await pass(30_000, flow);
  expect(told).toEqual([]);
  await pass(10_000, flow);
  expect(told).toEqual(["drop a_main"]);
});

test("after MediaMTX ended nothing is looked at", async () => {
  const { watch, looks, state, pass } = begin();
  state("a_main", {});
  watch.viewed("a_main");
  watch.forgetAll();
  await pass(60_000);
  expect(looks()).toBe(0);
});
