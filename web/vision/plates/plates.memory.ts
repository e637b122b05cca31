import type { FractionBox } from "#contract/payloads.ts";
import type { KnownPlate } from "#contract/plates.ts";
import type { Picture } from "../detector.ts";
import { CHARACTERS, decodePlate, SLOTS } from "./layouts.ts";
import type { PlateRead, PlateReader } from "./plate-reader.ts";

/** Builders for tests. */

/** Slots that are `sure` of each character of `plate`; the rest is spread over the other characters. */
export function slotsOf(plate: string, sure = 0.95): Float32Array {
  const others = (1 - sure) / (CHARACTERS.length - 1);
  const slots = new Float32Array(SLOTS * CHARACTERS.length).fill(others);
  for (const [slot, letter] of [...plate].entries())
    slots[slot * CHARACTERS.length + CHARACTERS.indexOf(letter)] = sure;
  return slots;
}

const BOX: FractionBox = { left: 0.45, top: 0.6, width: 0.1, height: 0.05 };

export function aRead(plate: string, sure = 0.95, box = BOX): PlateRead {
  const slots = slotsOf(plate, sure);
  return { ...decodePlate(slots), slots, box };
}

export const aPicture: Picture = {
  widthPx: 2,
  heightPx: 2,
  bytes: new Uint8Array(16),
  pixels: { kind: "rgbx", offset: 0, strideBytes: 8 },
};

export const aKnownPlate = (overrides: Partial<KnownPlate> = {}): KnownPlate => ({
  id: "018f0000-0000-7000-8000-00000000000a",
  plate: "ABC1D23",
  list: "allowed",
  note: "",
  validFrom: null,
  validUntil: null,
  ...overrides,
});

/** A reader that answers what `next` holds, and counts how often it was asked. */
export function aFakeReader(): PlateReader & { next: PlateRead[] | Error; looks: number } {
  return {
    next: [],
    looks: 0,
    async read() {
      this.looks += 1;
      if (this.next instanceof Error) throw this.next;
      return this.next;
    },
  };
}
