import type { Database } from "../kernel/database.ts";
import type { ChoiceStore } from "./choose-model.ts";

const NAME = "chosen_model";

export function sqliteChoice(db: Database): ChoiceStore {
  return {
    async load() {
      const row = await db.selectFrom("settings").select("value").where("name", "=", NAME).executeTakeFirst();
      return row?.value ?? null;
    },
    async save(id) {
      if (id === null) await db.deleteFrom("settings").where("name", "=", NAME).execute();
      else {
        await db
          .insertInto("settings")
          .values({ name: NAME, value: id })
          .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: id }))
          .execute();
      }
    },
  };
}
