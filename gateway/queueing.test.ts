import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { sqliteDelivery } from "./delivery/delivery-store.sqlite.ts";
import { aSink } from "./delivery/outbox.port-tests.ts";
import { sqliteQueue } from "./delivery/queue.sqlite.ts";
import { sqliteSinks } from "./delivery/sinks.sqlite.ts";
import { sqliteEvents } from "./events/events.sqlite.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { type OpenDatabase, openDatabase } from "./kernel/database.ts";
import { createSecretBox } from "./kernel/secret-box.ts";

/** Storing and queueing as `start-gateway.ts` joins them. */
let database: OpenDatabase;
let onStoredAfter: (seq: number) => void;
const sinkId = anId();
beforeEach(async () => {
  database = await openDatabase(":memory:");
  onStoredAfter = sqliteQueue({ raw: database.raw, nowMs: Date.now });
  const sinks = sqliteSinks({ raw: database.raw, box: createSecretBox(randomBytes(32)) });
  await sinks.insert(aSink({ id: sinkId }));
});
afterEach(() => database.close());

function storing() {
  const events = sqliteEvents({ ...database, onStoredAfter: (seq) => onStoredAfter(seq) });
  const storeEvents = createStoreEvents({ ...events, nowMs: Date.now });
  return (batch: ReturnType<typeof anEvent>[]) =>
    storeEvents(batch.map((event, index) => ({ index, receiptAsSent: event.receipt_id, event })));
}
const recount = () => sqliteDelivery({ ...database, newId: anId, nowMs: Date.now }).outbox.recount(sinkId);

test("an event is queued once, however often it is sent, and also within one commit", async () => {
  const store = storing();
  const [one, two, three] = [anEvent(), anEvent(), anEvent()];
  await Promise.all([store([one, two, one]), store([two, three]), store([three])]);
  await store([one, two, three]);
  expect(await recount()).toMatchObject({ counters: { created: 3 }, rows: { waiting: 3 } });
});

test("where queueing fails nothing is stored, and the sender may try again", async () => {
  const store = storing();
  const queue = onStoredAfter;
  onStoredAfter = (seq) => {
    queue(seq);
    throw new Error("half way");
  };
  const event = anEvent();
  await expect(store([event])).rejects.toThrow("half way");
  expect(await recount()).toMatchObject({ counters: { created: 0 }, rows: { waiting: 0 } });
  onStoredAfter = queue;
  expect((await store([event])).answers[0]?.outcome).toBe("stored");
  expect(await recount()).toMatchObject({ counters: { created: 1 }, rows: { waiting: 1 } });
});
