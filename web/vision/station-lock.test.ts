import { expect, test } from "vitest";
import { createStationLock } from "./station-lock.ts";

/** A tab that stands in line; Node has the same Web Locks as a browser. */
function aTab() {
  const told: string[] = [];
  const lock = createStationLock({
    locks: navigator.locks,
    onHeld: () => told.push("held"),
    onWaiting: () => told.push("waiting"),
  });
  return { ...lock, told };
}

test("one tab works, the next takes over when it goes", async () => {
  const [first, second] = [aTab(), aTab()];
  first.wish();
  await expect.poll(() => first.told).toEqual(["held"]);
  second.wish();
  await expect.poll(() => second.told).toEqual(["waiting"]);
  first.release();
  await expect.poll(() => second.told).toEqual(["waiting", "held"]);
  expect([first.isHeld(), second.isHeld()]).toEqual([false, true]);
  second.release();
});

test("a tab that no longer wants it is passed over, and may stand in line again", async () => {
  const [first, second, third] = [aTab(), aTab(), aTab()];
  first.wish();
  await expect.poll(() => first.told).toEqual(["held"]);
  second.wish();
  third.wish();
  await expect.poll(() => [second.told, third.told]).toEqual([["waiting"], ["waiting"]]);
  second.release();
  first.release();
  await expect.poll(() => third.told).toEqual(["waiting", "held"]);
  expect(second.told).toEqual(["waiting"]);
  third.release();
  second.wish();
  await expect.poll(() => second.told.at(-1)).toBe("held");
  second.release();
});
