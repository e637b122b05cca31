import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { anId } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { createSecretBox } from "../kernel/secret-box.ts";
import { sqliteDelivery } from "./delivery-store.sqlite.ts";
import { storeInto } from "./harness.memory.ts";
import { testDeliveryStore } from "./outbox.port-tests.ts";
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
    ...sqliteDelivery({ ...deps, raw: database.raw }),
    sinks: sqliteSinks({ raw: database.raw, box: createSecretBox(randomBytes(32)) }),
    store: async (events) => insertEvents(events),
    other: sqliteDelivery({ ...deps, raw: second.raw }),
  };
});
