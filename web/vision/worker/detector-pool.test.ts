import { expect, test } from "vitest";
import { createDetectorPool } from "./detector-pool.ts";

const DETECTED = { found: [], inferenceMs: 1, detectMs: 1 };
const settled = () => new Promise((resolve) => setTimeout(resolve));

function poolOf(size: number, broken: Set<number> = new Set()) {
  const atWork: { detector: number; look: string; finish(): void; die(): void }[] = [];
  const closed: number[] = [];
  const released: string[] = [];
  const trouble: string[] = [];
  let started = 0;
  const pool = createDetectorPool<string>({
    size,
    start: async () => {
      started += 1;
      const detector = started;
      if (broken.has(detector)) throw new Error("no memory");
      return {
        executionProvider: "wasm",
        detect: (look) =>
          new Promise((resolve, reject) => {
            const finish = () => resolve({ ...DETECTED, look });
            atWork.push({ detector, look, finish, die: () => reject(new Error("aborted")) });
          }),
        close: () => closed.push(detector),
      };
    },
    release: (look) => released.push(look),
    onChange: () => undefined,
    onTrouble: (what) => trouble.push(what),
    later: (work) => void setTimeout(work),
  });
  return { pool, atWork, closed, released, trouble };
}

test("pictures go to free detectors and wait in order for the next", async () => {
  const { pool, atWork } = poolOf(2);
  await pool.open();
  await settled();
  expect(pool.count()).toBe(2);
  void pool.detect("one");
  void pool.detect("two");
  void pool.detect("three");
  expect(atWork.map(({ look }) => look)).toEqual(["one", "two"]);
  atWork[1]?.finish();
  await settled();
  expect(atWork.map(({ detector, look }) => [detector, look])).toEqual([
    [1, "one"],
    [2, "two"],
    [2, "three"],
  ]);
});

test("a detector that dies is replaced, and what waits is looked at", async () => {
  const { pool, atWork, closed } = poolOf(1);
  await pool.open();
  const lost = pool.detect("lost");
  const next = pool.detect("next");
  atWork[0]?.die();
  await expect(lost).rejects.toThrow("aborted");
  expect(closed).toEqual([1]);
  await settled();
  await settled();
  atWork[1]?.finish();
  await expect(next).resolves.toEqual({ ...DETECTED, look: "next" });
  expect(atWork[1]?.detector).toBe(2);
});

test("a replacement that cannot be started is tried again", async () => {
  const { pool, atWork, trouble } = poolOf(1, new Set([2, 3]));
  await pool.open();
  pool.detect("lost").catch(() => undefined);
  atWork[0]?.die();
  for (let turn = 0; turn < 8; turn += 1) await settled();
  expect(pool.count()).toBe(1);
  expect(trouble).toEqual([
    "a detector failed and is replaced",
    "a detector could not be started",
    "a detector could not be started",
  ]);
});

test("a first detector that cannot be started is the caller's to tell", async () => {
  const { pool } = poolOf(2, new Set([1]));
  await expect(pool.open()).rejects.toThrow("no memory");
});

test("closing gives every waiting picture back and starts nothing more", async () => {
  const { pool, released, closed } = poolOf(1);
  await pool.open();
  pool.detect("at work").catch(() => undefined);
  const waiting = pool.detect("waiting");
  pool.close();
  await expect(waiting).rejects.toThrow("stopped");
  await expect(pool.detect("late")).rejects.toThrow("stopped");
  expect(released).toEqual(["waiting", "late"]);
  expect(closed).toEqual([1]);
});
