import { describe, expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { KnownPlate } from "#contract/plates.ts";
import type { PlateStore } from "./manage-plates.ts";

export const aKnownPlate = (overrides: Partial<KnownPlate> = {}): KnownPlate => ({
  id: anId(),
  plate: "ABC1D23",
  list: "allowed",
  note: "Moradora do 12 ação",
  validFrom: "2026-01-01",
  validUntil: null,
  ...overrides,
});

/** What every store of plates must do. */
export function testPlateStore(name: string, open: () => Promise<PlateStore>): void {
  describe(name, () => {
    test("gives plates back as they were stored, by plate", async () => {
      const store = await open();
      const z = aKnownPlate({ plate: "ZZZ1234", list: "watched", validUntil: "2026-12-31" });
      const a = aKnownPlate({ plate: "AAA1234", note: "", validFrom: null });
      await store.put([z, a]);
      expect(await store.all()).toEqual([a, z]);
    });

    test("overwrites a plate of the same id and leaves the others", async () => {
      const store = await open();
      const [one, two] = [aKnownPlate(), aKnownPlate({ plate: "XYZ9K87" })];
      await store.put([one, two]);
      const changed = { ...one, plate: "DEF1D23", list: "watched" as const, validFrom: null };
      await store.put([changed]);
      expect(await store.all()).toEqual([changed, two]);
    });

    test("takes as many at once as a list may hold", async () => {
      const store = await open();
      const plates = Array.from({ length: 10_000 }, (_, i) =>
        aKnownPlate({ plate: `AAA${String(i).padStart(4, "0")}`, note: i === 0 ? "a\0b \u{1f697}" : "" }),
      );
      await store.put(plates);
      expect(await store.all()).toEqual(plates);
    });

    test("takes all or none", async () => {
      const store = await open();
      const one = aKnownPlate();
      await store.put([one]);
      const twin = aKnownPlate({ plate: one.plate });
      await expect(store.put([aKnownPlate({ plate: "DEF1D23" }), twin])).rejects.toThrow();
      expect(await store.all()).toEqual([one]);
    });

    test("removes one plate, and a second time does nothing", async () => {
      const store = await open();
      const [one, two] = [aKnownPlate(), aKnownPlate({ plate: "XYZ9K87" })];
      await store.put([one, two]);
      await store.remove(one.id);
      await store.remove(one.id);
      expect(await store.all()).toEqual([two]);
    });
  });
}
