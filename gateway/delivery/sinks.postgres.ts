import type { Database } from "../kernel/database.ts";
import { inTransaction } from "../kernel/postgres.ts";
import type { SecretBox } from "../kernel/secret-box.ts";
import type { SinkStore } from "./manage-sinks.ts";
import { createSinkRows, OWN_TABLES } from "./sink-rows.ts";

/** Sinks in PostgreSQL, their secrets sealed. */
export function postgresSinks({ db, box }: { db: Database; box: SecretBox }): SinkStore {
  const rows = createSinkRows(box);
  return {
    all: async () =>
      (await db.selectFrom("sinks").selectAll().orderBy("created_at_ms").orderBy("id").execute()).map(
        rows.read,
      ),
    insert: (sink) =>
      inTransaction(db, async (transaction) => {
        await transaction.insertInto("sinks").values(rows.write(sink)).execute();
        await transaction
          .insertInto("sink_ledgers")
          .values({ sink_id: sink.id, ...EMPTY })
          .execute();
      }),
    async replace(sink) {
      const { id, created_at_ms: _, ...row } = rows.write(sink);
      await db.updateTable("sinks").set(row).where("id", "=", id).execute();
    },
    remove: (id) =>
      inTransaction(db, async (transaction) => {
        // waits for batches that are being queued for it; none is from now on
        await transaction.deleteFrom("sinks").where("id", "=", id).execute();
        // waits for claims of it that are being settled
        const lanes = await transaction
          .selectFrom("outbox_lanes")
          .select("no")
          .where("sink_id", "=", id)
          .orderBy("no")
          .forUpdate()
          .execute();
        for (const { no } of lanes)
          await transaction.deleteFrom("outbox").where("lane_no", "=", no).execute();
        for (const table of OWN_TABLES) {
          await transaction.deleteFrom(table).where("sink_id", "=", id).execute();
        }
      }),
  };
}

const EMPTY = { created: 0, acknowledged: 0, parked: 0, discarded: 0, expired: 0, last_success_at_ms: null };
