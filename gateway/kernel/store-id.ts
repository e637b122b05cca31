import type { Database } from "./database.ts";

/** The shop's id: made on the first start, the same ever after. */
export async function loadStoreId(db: Database, newId: () => string): Promise<string> {
  await db
    .insertInto("settings")
    .values({ name: "store_id", value: newId() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom("settings")
    .select("value")
    .where("name", "=", "store_id")
    .executeTakeFirstOrThrow();
  return row.value;
}
