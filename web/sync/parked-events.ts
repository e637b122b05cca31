import type { EventRecord } from "#contract/events.ts";
import { BROKEN_ROW, type GuaritaDb, onLiveConnection, type ParkedRow } from "./guarita-db.ts";
import { NOTHING_COUNTED } from "./outbox-ledger.ts";
import type { Correction, DiscardedHere, ParkedHere, WhichParked } from "./sync.ts";

/** The reasons of this many discards are kept; all of them are counted. */
const DISCARDS_KEPT = 500;

/** What a person can do about events that wait for one. Rows and counters change in one transaction. */
export function createParkedEvents(db: GuaritaDb, nowMs: () => number) {
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
    /** Oldest first. */
    parked: async (): Promise<ParkedHere[]> =>
      (await onLiveConnection(db, () => parked.orderBy("parkedAtMs").toArray())).map(asParked),

    /** They wait anew, as if they were made now. A row that cannot be read stays. Returns how many. */
    retryParked: (which: WhichParked): Promise<number> =>
      change(which, async (rows) => {
        const readable = rows.filter(({ code }) => code !== BROKEN_ROW);
        await parked.bulkDelete(readable.map(({ receipt_id }) => receipt_id));
        await waiting.bulkAdd(
          readable.map(({ receipt_id, json }) => ({ receipt_id, json, addedAtMs: nowMs(), attempts: 0 })),
        );
        return { taken: readable.length, discarded: 0 };
      }),

    /** Gives them up for good; `why` is kept. Returns how many. */
    discardParked: (which: WhichParked, why: string): Promise<number> =>
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

    /** Payload and meta as they should have been; it stays parked. False when it is gone, or cannot be read. */
    correctParked: (receiptId: string, { payload, meta }: Correction): Promise<boolean> =>
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

    /** Newest first, the last of them. */
    discarded: async (): Promise<DiscardedHere[]> =>
      (await onLiveConnection(db, () => discards.orderBy(":id").reverse().toArray())).map(
        ({ receipt_id, why, discardedAtMs, json }) => ({ receiptId: receipt_id, why, discardedAtMs, json }),
      ),
  };
}
export type ParkedEvents = ReturnType<typeof createParkedEvents>;

type Moved = { taken: number; discarded: number };

function asParked(row: ParkedRow): ParkedHere {
  const { receipt_id, json, code, reason, parkedAtMs } = row;
  return { receiptId: receipt_id, event: eventOf(row), json, code, reason, parkedAtMs };
}

/** The event of a row that was readable when it was parked; null of one that was not. */
function eventOf({ code, json }: ParkedRow): EventRecord | null {
  // a row that was readable holds the event as this page made it; the gateway judges it again
  return code === BROKEN_ROW ? null : (JSON.parse(json) as EventRecord);
}
