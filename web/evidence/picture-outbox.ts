import { onLiveConnection } from "../lib/live-connection.ts";
import { isOutOfRoom } from "../lib/out-of-room.ts";
import type { EvidencePicture } from "./evidence.ts";
import type { CounterRow, EvidenceDb, GateRow, WaitingRow } from "./evidence-db.ts";

/** More than this wait nowhere: the oldest goes first, and is counted. */
export type OutboxLimit = { pictures: number; bytes: number };

type Fate = "sent" | "shed" | "refused";

const GATE = "gateway";
const COUNTERS = "pictures";
const NOTHING: CounterRow = { name: COUNTERS, sent: 0, shed: 0, refused: 0 };

/** What happens to the rows. A picture leaves in the transaction that counts it, so that the sums always agree. */
export function createPictureOutbox(db: EvidenceDb, limit: OutboxLimit) {
  /** Every touch of the database; a lost connection is opened again, and `work` then runs twice. */
  const onDb = <T>(work: () => PromiseLike<T>): Promise<T> => onLiveConnection(db, work);

  const inOne = <T>(work: () => Promise<T>): Promise<T> =>
    onDb(() => db.transaction("rw", db.waiting, db.files, db.counters, work));

  /** Within a transaction. A row that is gone was counted by another tab. */
  async function leave(row: WaitingRow, fate: Fate): Promise<void> {
    if ((await db.waiting.where("seq").equals(row.seq).delete()) === 0) return;
    await db.files.delete(row.mediaId);
    const counters = (await db.counters.get(COUNTERS)) ?? NOTHING;
    await db.counters.put({ ...counters, [fate]: counters[fate] + 1 });
  }

  async function shedOldest(most: OutboxLimit): Promise<void> {
    const rows = await db.waiting.orderBy("seq").toArray();
    let bytes = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let pictures = rows.length;
    for (const row of rows) {
      if (pictures <= most.pictures && bytes <= most.bytes) return;
      await leave(row, "shed");
      pictures -= 1;
      bytes -= row.sizeBytes;
    }
  }

  /** The older half, for what is worth more. False when nothing waits. */
  const shedHalf = (): Promise<boolean> =>
    inOne(async () => {
      const waiting = await db.waiting.count();
      await shedOldest({ ...limit, pictures: Math.floor(waiting / 2) });
      return waiting > 0;
    });

  const insert = ({ mediaId, sha256, bytes, facts }: EvidencePicture): Promise<void> =>
    inOne(async () => {
      if (await db.waiting.where("mediaId").equals(mediaId).count()) return;
      const sizeBytes = bytes.byteLength;
      const row = { mediaId, sha256, sizeBytes, facts: JSON.stringify(facts), attempts: 0, dueAtMs: 0 };
      await db.waiting.add(row);
      await db.files.put({ mediaId, bytes });
      await shedOldest(limit);
    });

  return {
    /** Resolves when it is on disk. The browser may give less room than our limit: then half of what waits goes. */
    async add(picture: EvidencePicture): Promise<void> {
      try {
        await insert(picture);
      } catch (error) {
        if (!isOutOfRoom(error)) throw error;
        await shedHalf();
        await insert(picture);
      }
    },
    shedHalf,
    /** The oldest picture whose time has come, or when the next one's comes, or null when none waits. */
    async next(
      atMs: number,
    ): Promise<{ row: WaitingRow; bytes: ArrayBuffer | null } | { dueAtMs: number } | null> {
      const rows = await onDb(() => db.waiting.orderBy("seq").toArray());
      const row = rows.find(({ dueAtMs }) => dueAtMs <= atMs);
      if (row) return { row, bytes: (await onDb(() => db.files.get(row.mediaId)))?.bytes ?? null };
      return rows.length === 0 ? null : { dueAtMs: Math.min(...rows.map(({ dueAtMs }) => dueAtMs)) };
    },
    settle: (row: WaitingRow, fate: Fate): Promise<void> => inOne(() => leave(row, fate)),
    async postpone(row: WaitingRow, dueAtMs: number): Promise<void> {
      await onDb(() => db.waiting.update(row.seq, { attempts: row.attempts + 1, dueAtMs }));
    },
    /** Everything may be tried now: something seems to have changed. */
    async hasten(): Promise<void> {
      await onDb(() => db.waiting.toCollection().modify({ dueAtMs: 0 }));
    },
    gate: (): Promise<GateRow | undefined> => onDb(() => db.gates.get(GATE)),
    async setGate(gate: Omit<GateRow, "name">): Promise<void> {
      await onDb(() => db.gates.put({ name: GATE, ...gate }));
    },
    async clearGate(): Promise<void> {
      await onDb(() => db.gates.delete(GATE));
    },
    async summary() {
      const [rows, counters, gate] = await onDb(() =>
        Promise.all([db.waiting.toArray(), db.counters.get(COUNTERS), db.gates.get(GATE)]),
      );
      const { sent, shed, refused } = counters ?? NOTHING;
      const waitingBytes = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return { waiting: rows.length, waitingBytes, sent, shed, refused, lastError: gate?.lastError ?? null };
    },
  };
}
export type PictureOutbox = ReturnType<typeof createPictureOutbox>;
