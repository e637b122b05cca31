import { EventRecord } from "#contract/events.ts";
import { onLiveConnection } from "../lib/live-connection.ts";
import { BROKEN_ROW, type GuaritaDb, type ParkedRow } from "./guarita-db.ts";
import { NOTHING_COUNTED } from "./outbox-ledger.ts";
import type { ParkedEvents, ParkedHere, WhichParked } from "./sync.ts";

/** The reasons of this many discards are kept; all of them are counted. */
const DISCARDS_KEPT = 500;

export function createParkedEvents(db: GuaritaDb, nowMs: () => number): ParkedEvents {
  const { waiting, parked, counters, discards } = db;

  /** Moves parked rows: `work` is given those that are there, and says how many of them it took out, and as what. */
  function change(which: WhichParked, work: (rows: ParkedRow[]) => Promise<Moved>): Promise<number> {
    return onLiveConnection(db, () =>
      db.transaction("rw", waiting, parked, counters, discards, async () => {
        const rows = await (which === "all" ? parked : parked.where("receipt_id").anyOf(which)).toArray();
        const { taken, discarded } = await work(rows);
        const counted = (await counters.get("events")) ?? NOTHING_COUNTED;
        await counters.put({
          ...counted,
          parked: counted.parked - taken,
          discarded: (counted.discarded ?? 0) + discarded,
        });
        return taken;
      }),
    );
  }

  return {
    list: async () =>
      (await onLiveConnection(db, () => parked.orderBy("parkedAtMs").toArray())).map(asParked),

    retry: (which) =>
      change(which, async (rows) => {
        const readable = rows.filter(({ code }) => code !== BROKEN_ROW);
        await parked.bulkDelete(readable.map(({ receipt_id }) => receipt_id));
        await waiting.bulkAdd(
          readable.map(({ receipt_id, json }) => ({ receipt_id, json, addedAtMs: nowMs(), attempts: 0 })),
        );
        return { taken: readable.length, discarded: 0 };
      }),

    discard: (which, why) =>
      change(which, async (rows) => {
        await parked.bulkDelete(rows.map(({ receipt_id }) => receipt_id));
        await discards.bulkAdd(
          rows.map(({ receipt_id, json, code, reason }) => ({
            receipt_id,
            json,
            code,
            reason,
            why,
            discardedAtMs: nowMs(),
          })),
        );
        await discards.orderBy(":id").reverse().offset(DISCARDS_KEPT).delete();
        return { taken: rows.length, discarded: rows.length };
      }),

    correct: (receiptId, { payload, meta }) =>
      onLiveConnection(db, () =>
        db.transaction("rw", parked, async () => {
          const row = await parked.get(receiptId);
          const event = row && eventOf(row);
          if (!row || !event) return false;
          const { payload: _payload, meta: _meta, ...rest } = event;
          const corrected = { ...rest, ...(payload && { payload }), ...(meta && { meta }) };
          await parked.put({ ...row, json: JSON.stringify(corrected) });
          return true;
        }),
      ),

    discarded: async () =>
      (await onLiveConnection(db, () => discards.orderBy(":id").reverse().toArray())).map(
        ({ receipt_id, why, discardedAtMs, json }) => ({ receiptId: receipt_id, why, discardedAtMs, json }),
      ),
  };
}

type Moved = { taken: number; discarded: number };

function asParked(row: ParkedRow): ParkedHere {
  const { receipt_id, json, code, reason, parkedAtMs } = row;
  return { receiptId: receipt_id, event: eventOf(row), json, code, reason, parkedAtMs };
}

/** Null of a row that could not be read, and of what is no event: that may be why it was refused. */
function eventOf({ code, json }: ParkedRow): EventRecord | null {
  return code === BROKEN_ROW ? null : (EventRecord.safeParse(JSON.parse(json)).data ?? null);
}
