/** What runs inside the page. Each function is sent there as text, so it names nothing outside itself. */

/** In place of the page's clock: `e2eSkewMs` beside the real one, from the start on. */
export function skewClock(skewMs: number): void {
  const RealDate = Date;
  Object.assign(globalThis, { e2eSkewMs: skewMs });
  const nowMs = () => RealDate.now() + Number(Reflect.get(globalThis, "e2eSkewMs"));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, itself) =>
      Reflect.construct(target, args.length === 0 ? [nowMs()] : args, itself),
    get: (target, key, itself) => (key === "now" ? nowMs : Reflect.get(target, key, itself)),
  });
}

export type Making = { page: number; everyMs: number; storeId: string; payload: object };

/**
 * Makes events through the very outbox the station uses (`guaritaEnqueue` is offered to driven browsers), and tells of
 * each when the outbox says that it is on disk. None is made while `e2eIsResting`.
 */
export function makeEvents({ page, everyMs, storeId, payload }: Making): void {
  const { guaritaEnqueue, e2eKept } = globalThis as unknown as {
    guaritaEnqueue(events: object[]): Promise<void>;
    e2eKept(receipt: string): Promise<void>;
  };
  let made = 0;
  async function make(): Promise<void> {
    made += 1;
    const receipt_id = crypto.randomUUID();
    const event = {
      receipt_id,
      event_name: "queue.detected",
      ts: new Date().toISOString(),
      store_id: storeId,
      source: "edge",
      payload,
      meta: { page, made },
    };
    await guaritaEnqueue([event]);
    void e2eKept(receipt_id);
  }
  setInterval(() => {
    if (Reflect.get(globalThis, "e2eIsResting") !== true) void make();
  }, everyMs);
}

export type PageLedger = {
  created: number;
  acknowledged: number;
  parked: number;
  dropped: number;
  discarded: number;
  expired: number;
  /** Counted from the rows. */
  waitingRows: number;
  parkedRows: number;
};

/** The outbox's counters and rows as they lie in the device's database, read in one transaction. */
export async function readLedger(): Promise<PageLedger> {
  const whenDone = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const db = await whenDone(indexedDB.open("guarita"));
  try {
    const transaction = db.transaction(["waiting", "parked", "counters"]);
    const [counters, waitingRows, parkedRows] = await Promise.all([
      whenDone(transaction.objectStore("counters").get("events")),
      whenDone(transaction.objectStore("waiting").count()),
      whenDone(transaction.objectStore("parked").count()),
    ]);
    const nothing = { created: 0, acknowledged: 0, parked: 0, dropped: 0, discarded: 0, expired: 0 };
    return { ...nothing, ...counters, waitingRows, parkedRows };
  } finally {
    db.close();
  }
}
