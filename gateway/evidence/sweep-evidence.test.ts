import { afterEach, beforeEach, expect, test } from "vitest";
import { type EvidenceHarness, evidenceHarness } from "./harness.memory.ts";
import { aJpeg, aPicture } from "./jpeg.memory.ts";
import { SWEEP_LIMIT_MS } from "./sweep-evidence.ts";

/** A busy machine is given time. */
const SOON = { timeout: 15_000 };

const DAY_MS = 24 * 3_600_000;

let run: EvidenceHarness;
beforeEach(async () => {
  run = await evidenceHarness();
});
afterEach(() => run.close());

/** Starts, and waits until the first sweep is over. */
async function started(overrides = {}) {
  const evidence = run.start(overrides);
  await evidence.start();
  run.pass(0);
  await expect.poll(run.isSweepPlanned, SOON).toBe(true);
  return evidence;
}

test("after the retention the file is gone, the row remembers it, and its bytes are never taken for new", async () => {
  const evidence = await started();
  const old = aPicture();
  await evidence.store(old);
  run.pass(29 * DAY_MS);
  await expect.poll(run.isSweepPlanned, SOON).toBe(true);
  const young = aPicture({ bytes: aJpeg({ fill: "young" }) });
  await evidence.store(young);
  expect(run.files()).toHaveLength(2);
  run.pass(2 * DAY_MS);
  await expect.poll(() => run.files(), SOON).toHaveLength(1);
  expect((await evidence.find(old.mediaId))?.sweptAtMs).not.toBeNull();
  expect((await evidence.find(young.mediaId))?.sweptAtMs).toBeNull();
  expect(evidence.figures()).toEqual({ stored: 2, swept: 1, pictures: 1, bytes: young.bytes.length });
  expect((await evidence.store(old)).outcome).toBe("duplicate");
  expect(run.files()).toHaveLength(1);
  await evidence.stop();
});

test("a start sweeps too, and knows what is kept", async () => {
  const first = await started();
  await first.store(aPicture());
  await first.stop();
  const second = await started();
  expect(second.figures()).toMatchObject({ stored: 0, pictures: 1 });
  await second.stop();
  run.nowMs += 31 * DAY_MS;
  const third = await started();
  expect(run.files()).toEqual([]);
  expect(third.figures()).toMatchObject({ swept: 1, pictures: 0, bytes: 0 });
  await third.stop();
});

test("a sweep ends when its time is up, and goes on a minute later", async () => {
  const evidence = await started();
  await Promise.all(Array.from({ length: 250 }, () => evidence.store(aPicture())));
  await evidence.stop();
  run.nowMs += 31 * DAY_MS;
  let isSlow = true;
  const nowMs = () => {
    if (isSlow) run.nowMs += SWEEP_LIMIT_MS; // every look at the clock finds the time over
    return run.nowMs;
  };
  const later = await started({ nowMs });
  expect(later.figures().swept).toBe(100);
  isSlow = false;
  run.pass(60_000);
  await expect.poll(run.files, SOON).toEqual([]);
  expect(later.figures().swept).toBe(250);
  await later.stop();
});
