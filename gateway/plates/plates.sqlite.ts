import { sql } from "kysely";
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

/**
 * Plates in SQLite. Each write is one statement: a transaction that awaits would take in what others store meanwhile on
 * the one connection, and undo it with itself.
 */
export function sqlitePlates({ db }: { db: Database }): PlateStore {
  return {
    all: async () => (await db.selectFrom("plates").selectAll().orderBy("plate").execute()).map(toPlate),
    async put(plates) {
      const rows = JSON.stringify(plates.map(toRow)); // one value: ten thousand times six are more than it takes
      await sql`
        insert into plates (id, plate, list, note, valid_from, valid_until)
        select value->>'id', value->>'plate', value->>'list', value->>'note', value->>'valid_from',
          value->>'valid_until'
        from json_each(${rows}) where true
        on conflict (id) do update set plate = excluded.plate, list = excluded.list, note = excluded.note,
          valid_from = excluded.valid_from, valid_until = excluded.valid_until`.execute(db);
    },
    async remove(id) {
      await db.deleteFrom("plates").where("id", "=", id).execute();
    },
  };
}
