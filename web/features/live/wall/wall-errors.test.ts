import { expect, test } from "vitest";
import { createWallErrors } from "./wall-errors.ts";

function aTab() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("a wall that stops again and again waits longer each time, and never gives up", () => {
  const tab = aTab();
  // every reload is a new page on the same tab
  const waitsMs = Array.from({ length: 7 }, () => createWallErrors(() => tab).nextReloadMs());
  expect(waitsMs).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
});

test("after a good while the next error counts as the first", () => {
  const tab = aTab();
  const errors = createWallErrors(() => tab);
  errors.nextReloadMs();
  errors.nextReloadMs();
  errors.forget();
  expect(errors.nextReloadMs()).toBe(10_000);
});

test("without storage it still comes back after 10 s", () => {
  const errors = createWallErrors(() => {
    throw new Error("storage is switched off");
  });
  errors.forget();
  expect([errors.nextReloadMs(), errors.nextReloadMs()]).toEqual([10_000, 10_000]);
});
