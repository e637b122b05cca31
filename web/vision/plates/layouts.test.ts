import { expect, test } from "vitest";
import { CHARACTERS, decodePlate } from "./layouts.ts";
import { slotsOf } from "./plates.memory.ts";

function withChance(plate: string, slot: number, letter: string, chance: number): Float32Array {
  const slots = slotsOf(plate);
  slots[slot * CHARACTERS.length + CHARACTERS.indexOf(letter)] = chance;
  return slots;
}

test("each layout of Brazil is read as what it is", () => {
  expect(decodePlate(slotsOf("ABC1234"))).toMatchObject({ plate: "ABC1234", layout: "old" });
  expect(decodePlate(slotsOf("ABC1D23"))).toMatchObject({ plate: "ABC1D23", layout: "mercosul" });
});

test("a digit where only a letter may stand is read as the likeliest letter", () => {
  // the reader took the O for a zero: 0 stands first in the row, O far behind
  const slots = withChance("0BC1234", 0, "O", 0.04);
  expect(decodePlate(slots).plate).toBe("OBC1234");
});

test("a letter where only a digit may stand is read as the likeliest digit", () => {
  expect(decodePlate(withChance("ABC12I4", 5, "1", 0.3)).plate).toBe("ABC1214");
});

test("the confidence is the geometric mean of what was chosen, so that one doubtful character shows", () => {
  expect(decodePlate(slotsOf("ABC1234", 0.9)).confidence).toBeCloseTo(0.9, 5);
  const doubtful = decodePlate(withChance("ABC1234", 3, "1", 0.1));
  expect(doubtful.confidence).toBeCloseTo((0.95 ** 6 * 0.1) ** (1 / 7), 5);
  expect(doubtful.mean).toBeCloseTo((6 * 0.95 + 0.1) / 7, 5);
});

test("nothing is never confident", () => {
  expect(decodePlate(new Float32Array(7 * 36)).confidence).toBeLessThan(1e-6);
});
