import { expect, test } from "vitest";
import { nextPiece } from "./use-gradual.ts";

const PACE = { first: 4, step: 2 };
const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `row ${from + i}`);
const next = (items: string[], drawn: string[] = []) =>
  nextPiece(items, (row) => row, { drawn: new Set(drawn), pace: PACE });

test("a list begins with a screenful and grows by steps until all of it is drawn", () => {
  const all = rows(1, 7);
  expect(next(all)).toEqual(rows(1, 4));
  expect(next(all, rows(1, 4))).toEqual(rows(1, 6));
  expect(next(all, rows(1, 6))).toEqual(all);
  expect(next(all, all)).toEqual(all);
});

test("a row that comes on top takes none away", () => {
  expect(next(["new", ...rows(1, 7)], rows(1, 7))).toEqual(["new", ...rows(1, 7)]);
});

test("of another list a screenful is drawn at once, whatever was drawn before", () => {
  expect(next(rows(11, 19), rows(1, 7))).toEqual(rows(11, 14));
  expect(next(rows(5, 19), rows(1, 7))).toEqual(rows(5, 9));
});

test("rows keep their order when one of them alone was drawn", () => {
  expect(next(rows(1, 7), ["row 6"])).toEqual([...rows(1, 3), "row 6"]);
});
