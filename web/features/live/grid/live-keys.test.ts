import { expect, test } from "vitest";
import { isTaken, liveKey } from "./live-keys.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test("digits choose the layout, nought the automatic one", () => {
  expect(liveKey({ ...plain, key: "6" })).toEqual({ kind: "layout", layout: 6 });
  expect(liveKey({ ...plain, key: "0" })).toEqual({ kind: "layout", layout: "auto" });
  expect(liveKey({ ...plain, key: "7" })).toBeNull();
});

test("the browser's own keys stay its own", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"] as const)
    for (const key of ["1", "f", "ArrowLeft", "PageDown"])
      expect(liveKey({ ...plain, key, [held]: true })).toBeNull();
});

test("an arrow with shift is left to the zoomed picture, a question mark needs shift", () => {
  expect(liveKey({ ...plain, key: "ArrowUp", shiftKey: true })).toBeNull();
  expect(liveKey({ ...plain, key: "?", shiftKey: true })).toEqual({ kind: "help" });
});

/** An element that is or lies in what `selectors` name. */
const element = (is: string[], within: string[] = []) => ({
  matches: (selector: string) => is.some((one) => selector.includes(one)),
  closest: (selector: string) => (within.some((one) => selector.includes(one)) ? {} : null),
});

test("keys typed into a field or pressed in a dialog do not move the grid", () => {
  const full = { kind: "full" } as const;
  expect(isTaken(full, element(["textarea"]))).toBe(true);
  expect(isTaken(full, element([], ["[role=dialog]"]))).toBe(true);
  expect(isTaken(full, element([]))).toBe(false);
  expect(isTaken(full, null)).toBe(false);
});

test("arrows on the layout picker move the choice, other keys there still work", () => {
  const radio = element(["input[type=radio]"]);
  expect(isTaken({ kind: "move", direction: "left" }, radio)).toBe(true);
  expect(isTaken({ kind: "page", by: 1 }, radio)).toBe(false);
});
