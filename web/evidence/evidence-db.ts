import { Dexie, type EntityTable } from "dexie";

/** What is known of a waiting picture. Its bytes lie apart, so that counting reads no pixels. */
export type WaitingRow = {
  /** The order of keeping. */
  seq: number;
  mediaId: string;
  sha256: string;
  sizeBytes: number;
  /** `EvidenceFacts` as JSON. */
  facts: string;
  /** Failures of this very picture, and not before when it is tried again. */
  attempts: number;
  dueAtMs: number;
};

export type CounterRow = { name: "pictures"; sent: number; shed: number; refused: number };

/** The wait after a failure that says nothing of one picture: one for all tabs. */
export type GateRow = {
  name: "gateway";
  attempts: number;
  setAtMs: number;
  nextTryAtMs: number;
  lastError: string;
};

/** The device's pictures on their way. Apart from the events' database: clearing one loses nothing of the other. */
export class EvidenceDb extends Dexie {
  declare waiting: EntityTable<WaitingRow, "seq">;
  declare files: EntityTable<{ mediaId: string; bytes: ArrayBuffer }, "mediaId">;
  declare counters: EntityTable<CounterRow, "name">;
  declare gates: EntityTable<GateRow, "name">;

  constructor(options: { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } = {}) {
    // "relaxed", Chromium's default, may lose the last seconds when the power goes
    super("guarita-evidence", { chromeTransactionDurability: "strict", ...options });
    this.version(1).stores({ waiting: "++seq, &mediaId", files: "mediaId", counters: "name", gates: "name" });
  }
}
