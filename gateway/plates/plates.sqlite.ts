import type { KnownPlate } from "#contract/plates.ts";
import type { Database, PlatesTable } from "../kernel/database.ts";
import type { PlateStore } from "./manage-plates.ts";

const toRow = ({ id, plate, list, note, validFrom, validUntil }: KnownPlate): PlatesTable => ({
  id,
  plate,
  list,
  note,
  valid_from: validFrom,
  valid_until: validUntil,
});

const toPlate = ({ id, plate, list, note, valid_from, valid_until }: PlatesTable): KnownPlate => ({
  id,
  plate,
  list,
  note,
  validFrom: valid_from,
  validUntil: valid_until,
});

export function sqlitePlates({ db }: { db: Database }): PlateStore {
  return {
    all: async () => (await db.selectFrom("plates").selectAll().orderBy("plate").execute()).map(toPlate),
    put: (plates) =>
      db.transaction().execute(async (transaction) => {
        for (const plate of plates) {
          const { id, ...row } = toRow(plate);
          await transaction
            .insertInto("plates")
            .values({ id, ...row })
            .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
            .execute();
        }
      }),
    async remove(id) {
      await db.deleteFrom("plates").where("id", "=", id).execute();
    },
  };
}
