import type { KnownPlate } from "#contract/plates.ts";
import type { PlateStore } from "./manage-plates.ts";

/** Plates in a map, for tests of what is built on the port. */
export function memoryPlates(): PlateStore {
  let plates = new Map<string, KnownPlate>();
  return {
    all: async () => [...plates.values()].sort((a, b) => (a.plate < b.plate ? -1 : 1)),
    async put(changes) {
      const after = new Map(plates);
      for (const plate of changes) after.set(plate.id, { ...plate });
      const names = [...after.values()].map(({ plate }) => plate);
      if (new Set(names).size < names.length) throw new Error("a plate stands there twice");
      plates = after;
    },
    remove: async (id) => void plates.delete(id),
  };
}
