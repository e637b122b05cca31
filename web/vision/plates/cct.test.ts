import { expect, test } from "vitest";
import { READER_CLASSES, READER_SLOTS, readText } from "./cct.ts";
import { CHARACTERS } from "./layouts.ts";

/** An answer that is sure of `text`, `_` being empty. */
function answerOf(text: string): Float32Array {
  const answer = new Float32Array(READER_SLOTS * READER_CLASSES).fill(0.01);
  for (const [slot, letter] of [...text].entries())
    answer[slot * READER_CLASSES + (letter === "_" ? READER_CLASSES - 1 : CHARACTERS.indexOf(letter))] = 0.64;
  return answer;
}

test("a plate of seven characters is read", () => {
  const read = readText(answerOf("ABC1D23__"));
  expect(read).toMatchObject({ plate: "ABC1D23", layout: "mercosul" });
  expect(read?.confidence).toBeCloseTo(0.64, 5);
  expect(read?.slots).toHaveLength(7 * 36);
  expect(read?.slots[36 + CHARACTERS.indexOf("B")]).toBeCloseTo(0.64, 5);
});

test("what has an eighth or a ninth character is no plate of Brazil", () => {
  expect(readText(answerOf("ABC1D234_"))).toBe(null);
  expect(readText(answerOf("ABC1D23_4"))).toBe(null);
});

test("what has fewer characters is hardly a plate", () => {
  expect(readText(answerOf("ABC1____ ".trim().padEnd(9, "_")))?.confidence).toBeLessThan(0.2);
});
