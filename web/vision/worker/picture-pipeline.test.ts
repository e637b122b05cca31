import { expect, test } from "vitest";
import { aMachine, aManualClock } from "./picture-pipeline.memory.ts";

const everySecond = (...cameraIds: string[]) => new Map(cameraIds.map((id) => [id, 1_000]));
const START_MS = 1_000_000;

function machineOf(options: Parameters<typeof aMachine>[1], ...cameraIds: string[]) {
  const clock = aManualClock();
  const parts = aMachine(clock, options);
  parts.setPeriods(everySecond(...cameraIds));
  const agesMs = () => parts.looks.map(({ receivedAtMs }) => receivedAtMs - START_MS);
  return { clock, agesMs, ...parts };
}

test("of a stream of 15 pictures a second one a second is looked at, the newest, and none counts as skipped", async () => {
  const { clock, send, looks, skipped } = machineOf({ detectors: 2, detectMs: 40 }, "a");
  for (let picture = 0; picture < 150; picture += 1) {
    send("a");
    await clock.pass(1_000 / 15);
  }
  expect(looks.length).toBeGreaterThanOrEqual(10);
  expect(looks.length).toBeLessThanOrEqual(12);
  expect(looks.every(({ atMs, receivedAtMs }) => atMs - receivedAtMs < 40 + 70)).toBe(true);
  expect(skipped).toEqual([]);
});

test("a key frame a second, a little early or late, is looked at as it comes", async () => {
  const { clock, send, looks } = machineOf({ detectors: 1, detectMs: 40 }, "a");
  for (const apartMs of [1_000, 920, 1_080, 950, 1_050, 900, 1_000]) {
    send("a");
    await clock.pass(apartMs);
  }
  expect(looks).toHaveLength(7);
  expect(looks.every(({ atMs, receivedAtMs }) => atMs - receivedAtMs === 40)).toBe(true);
});

test("of pictures that come while one is looked at, only the newest is, and turns that were missed are counted", async () => {
  const { clock, send, agesMs, skipped, passedOver } = machineOf({ detectors: 1, detectMs: 3_500 }, "a");
  for (let second = 0; second < 4; second += 1) {
    send("a");
    await clock.pass(1_000);
  }
  await clock.pass(4_000);
  expect(agesMs()).toEqual([0, 3_000]);
  expect(skipped).toEqual(["a", "a"]);
  expect(passedOver).toEqual([]); // nobody had decided yet that they were to be looked at
});

test("one picture more than there are detectors is in hand, and no more", async () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const { clock, send, alive } = machineOf({ detectors: 2, detectMs: 500 }, ...ids);
  for (const id of ids) send(id);
  await clock.pass(10);
  expect(alive.size).toBe(3);
});

test("still pictures pass by without a detector", async () => {
  const isStill = (cameraId: string) => cameraId !== "moving";
  const ids = ["moving", ...Array.from({ length: 50 }, (_, at) => `calm ${at}`)];
  const { clock, send, looks, stills } = machineOf(
    { detectors: 1, detectMs: 400, prepareMs: 2, isStill },
    ...ids,
  );
  for (let second = 0; second < 10; second += 1) {
    for (const id of ids) send(id);
    await clock.pass(1_000);
  }
  expect(looks).toHaveLength(10);
  expect(stills).toHaveLength(500);
});

test("still pictures pass by while every detector is at work and a look waits", async () => {
  const isStill = (cameraId: string) => !cameraId.startsWith("moving");
  const moving = Array.from({ length: 8 }, (_, at) => `moving ${at}`);
  const calm = Array.from({ length: 20 }, (_, at) => `calm ${at}`);
  // 8 looks of 400 ms a second are more than two detectors bear
  const { clock, send, looks, stills, alive } = machineOf(
    { detectors: 2, detectMs: 400, prepareMs: 2, isStill },
    ...moving,
    ...calm,
  );
  let aliveAtMost = 0;
  for (let second = 0; second < 20; second += 1) {
    for (const id of [...moving, ...calm]) send(id);
    for (let step = 0; step < 10; step += 1) {
      await clock.pass(100);
      aliveAtMost = Math.max(aliveAtMost, alive.size);
    }
  }
  expect(looks.length).toBeGreaterThan(20 * 4.5);
  expect(stills.length).toBeGreaterThan(20 * 20 * 0.85);
  expect(aliveAtMost).toBeLessThanOrEqual(5);
});

test("without a detector the newest pictures wait, however long, and are looked at when one comes", async () => {
  const { clock, send, machine, pump, agesMs, alive } = machineOf({ detectors: 0, detectMs: 40 }, "a");
  for (let second = 0; second < 5; second += 1) {
    send("a");
    await clock.pass(1_000);
  }
  expect(alive.size).toBe(0);
  machine.detectors = 1;
  pump();
  await clock.pass(100);
  expect(agesMs()).toEqual([4_000]);
});

test("a picture that waited while the detectors were away is not looked at when a newer one is there", async () => {
  const { clock, send, machine, inDetection, pump, agesMs, failed, passedOver, alive } = machineOf(
    { detectors: 1, detectMs: 40 },
    "a",
    "b",
  );
  send("a");
  send("b");
  await clock.pass(1);
  machine.detectors = 0;
  inDetection[0]?.fail();
  await clock.pass(3_000);
  send("b");
  await clock.pass(1_000);
  machine.detectors = 1;
  pump();
  await clock.pass(1_000);
  expect([failed, passedOver]).toEqual([["a"], ["b"]]);
  expect(agesMs()).toEqual([3_001]);
  expect(alive.size).toBe(0);
});

test("a picture that fails is told, and its camera goes on", async () => {
  const { clock, send, inDetection, failed, looks } = machineOf({ detectors: 1, detectMs: 40 }, "a");
  send("a");
  await clock.pass(1);
  inDetection[0]?.fail();
  await clock.pass(1_000);
  send("a");
  await clock.pass(100);
  expect([failed, looks.map(({ cameraId }) => cameraId)]).toEqual([["a"], ["a"]]);
});

test("of a camera that is gone nothing is told, and nothing is kept", async () => {
  const { clock, send, setPeriods, looks, alive } = machineOf({ detectors: 1, detectMs: 40 }, "a", "b", "c");
  for (const id of ["a", "b", "c"]) send(id);
  await clock.pass(1);
  setPeriods(new Map());
  await clock.pass(1_000);
  expect(looks).toEqual([]);
  expect(alive.size).toBe(0);
});

test("a clock that is set back by an hour holds nobody up", async () => {
  const clock = aManualClock();
  let backMs = 0;
  const parts = aMachine({ ...clock, nowMs: () => clock.nowMs() - backMs }, { detectors: 1, detectMs: 40 });
  parts.setPeriods(everySecond("a"));
  parts.send("a");
  await clock.pass(1_000);
  backMs = 3_600_000;
  parts.send("a");
  await clock.pass(1_000);
  expect(parts.looks).toHaveLength(2);
});
