import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import {
  behindPgBouncer,
  describeWithPgBouncer,
  describeWithPostgres,
  postgresForTests,
} from "../kernel/postgres-server.memory.ts";
import { createSecretBox } from "../kernel/secret-box.ts";
import { postgresDelivery } from "./delivery-store.postgres.ts";
import { sqliteDelivery } from "./delivery-store.sqlite.ts";
import { storeInto, storeIntoPostgres } from "./harness.memory.ts";
import { aSink, type OpenDelivery, testDeliveryStore } from "./outbox.port-tests.ts";
import { postgresSinks } from "./sinks.postgres.ts";
import { sqliteSinks } from "./sinks.sqlite.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function open(file: string): Promise<OpenDatabase> {
  const database = await openDatabase(file);
  undo.push(database.close);
  return database;
}

testDeliveryStore("delivery in SQLite", async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), "guarita-delivery-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  const database = await open(join(folder, "delivery.db"));
  const second = await open(join(folder, "delivery.db"));
  const deps = { newId: anId, nowMs: () => clock.nowMs };
  const insertEvents = storeInto(database, deps.nowMs);
  return {
    ...sqliteDelivery({ ...deps, ...database }),
    sinks: sqliteSinks({ raw: database.raw, box: createSecretBox(randomBytes(32)) }),
    store: async (events) => insertEvents(events),
    other: sqliteDelivery({ ...deps, ...second }),
  };
});

/** What a database's clock would show. */
const postgresDeps = (clock: { nowMs: number }) => ({
  newId: anId,
  nowMs: () => clock.nowMs,
  now: {
    expressionType: undefined,
    toOperationNode: () => sql`${clock.nowMs}::bigint`.toOperationNode(),
  },
});

const inPostgres =
  (databases: ReturnType<typeof postgresForTests>): OpenDelivery =>
  async (clock) => {
    const [{ db }, second] = await databases();
    const deps = postgresDeps(clock);
    return {
      ...postgresDelivery({ ...deps, db }),
      sinks: postgresSinks({ db, box: createSecretBox(randomBytes(32)) }),
      store: storeIntoPostgres(db, deps.now),
      other: postgresDelivery({ ...deps, db: second.db }),
    };
  };

describeWithPgBouncer("behind PgBouncer", () => {
  testDeliveryStore("delivery in PostgreSQL", inPostgres(postgresForTests(behindPgBouncer)));
});

describeWithPostgres("directly", () => {
  const databases = postgresForTests();
  testDeliveryStore("delivery in PostgreSQL", inPostgres(databases));

  test("what is due but in another gateway's claim is looked at again soon, and no longer than it waits", async () => {
    const clock = { nowMs: 1_000_000 };
    const [{ db }] = await databases();
    const deps = postgresDeps(clock);
    const { outbox } = postgresDelivery({ ...deps, db });
    const sink = aSink();
    await postgresSinks({ db, box: createSecretBox(randomBytes(32)) }).insert(sink);
    await storeIntoPostgres(db, deps.now)([anEvent(), anEvent()]);
    const size = { maxBytes: 1_000, claimMs: 60_000 };
    const theirs = await outbox.claim(sink.id, { ...size, limit: 1 });
    if (!theirs) throw new Error("two events were queued");
    expect(await outbox.claim(sink.id, { ...size, limit: 1 })).toBeNull();
    expect(await outbox.nextDueAtMs(sink.id)).toBe(clock.nowMs + 1_000);
    const outcomes = theirs.events.map((claimed) => ({ claimed, outcome: "acknowledged" as const }));
    await outbox.settle(theirs, outcomes, "done");
    expect((await outbox.claim(sink.id, { ...size, limit: 1 }))?.events).toHaveLength(1);
  });

  test("gateways whose clocks are an hour apart keep to each other's claims and waits", async () => {
    const [{ db }, second] = await databases();
    const deps = { newId: anId, nowMs: Date.now };
    const slow = postgresDelivery({ ...deps, db, nowMs: () => Date.now() - 3_600_000 }).outbox;
    const fast = postgresDelivery({ ...deps, db: second.db, nowMs: () => Date.now() + 3_600_000 }).outbox;
    const sink = aSink();
    await postgresSinks({ db, box: createSecretBox(randomBytes(32)) }).insert(sink);
    await storeIntoPostgres(db)([anEvent()]);
    const size = { limit: 1, maxBytes: 1_000, claimMs: 60_000 };
    const claim = await slow.claim(sink.id, size);
    if (!claim) throw new Error("an event was queued");
    expect(await fast.claim(sink.id, size)).toBeNull();

    const dueAtMs = Date.now() - 3_600_000 + 600_000; // ten minutes on, as the slow one says it
    const outcomes = claim.events.map((claimed) => ({ claimed, outcome: "retry" as const, dueAtMs }));
    await slow.settle(claim, outcomes, "done");
    expect(await fast.claim(sink.id, size)).toBeNull();
    const waitMs = ((await fast.nextDueAtMs(sink.id)) ?? 0) - Date.now() - 3_600_000;
    expect(waitMs).toBeGreaterThan(300_000);
    expect(waitMs).toBeLessThanOrEqual(600_000);
    expect(await fast.expire(sink.id, Date.now() + 3_600_000 - 1_800_000)).toBe(0); // of half an hour ago
    const { oldestAtMs } = await fast.recount(sink.id);
    expect(oldestAtMs).toBeGreaterThan(Date.now() + 3_000_000);
  });
});
