import { CHARACTERS, type DecodedPlate, decodePlate, SLOTS } from "./layouts.ts";

export const READER_SHAPE = { widthPx: 128, heightPx: 64 };

/** The reader answers with nine slots of digits, letters and "empty"; plates of Brazil leave the last two empty. */
export const READER_SLOTS = 9;
export const READER_CLASSES = CHARACTERS.length + 1;
const EMPTY = CHARACTERS.length;

/** `slots`: shape [SLOTS, CHARACTERS.length], how likely each character is in each slot. */
export type ReadText = DecodedPlate & { slots: Float32Array };

/** Reads the answer, shape [READER_SLOTS, READER_CLASSES], probabilities. Null where more characters stand than a plate has. */
export function readText(answer: Float32Array): ReadText | null {
  for (let slot = SLOTS; slot < READER_SLOTS; slot += 1) {
    const row = answer.subarray(slot * READER_CLASSES, (slot + 1) * READER_CLASSES);
    if (row.some((value) => value > (row[EMPTY] ?? 0))) return null;
  }
  const slots = new Float32Array(SLOTS * CHARACTERS.length);
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const start = slot * READER_CLASSES;
    slots.set(answer.subarray(start, start + CHARACTERS.length), slot * CHARACTERS.length);
  }
  return { ...decodePlate(slots), slots };
}
