import { expect, test } from "vitest";
import { takeLoadTurn } from "./page-limits.ts";

test("cameras that do not answer never keep those that play from loading", () => {
  const begun: string[] = [];
  const enter = (name: string, isOpening: boolean) => takeLoadTurn(isOpening)(() => begun.push(name));
  const leave = ["dead 1", "dead 2", "dead 3", "dead 4"].map((name) => enter(name, true));
  expect(begun).toEqual(["dead 1", "dead 2"]);

  enter("part 1", false)();
  const second = enter("part 2", false);
  const third = enter("part 3", false);
  expect(begun).toEqual(["dead 1", "dead 2", "part 1", "part 2"]);
  second();
  third();
  expect(begun.at(-1)).toBe("part 3");

  leave[2]?.(); // its tile went while it waited
  leave[0]?.();
  expect(begun.at(-1)).toBe("dead 4");
});
