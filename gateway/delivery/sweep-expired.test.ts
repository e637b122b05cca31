import { afterEach, beforeEach, expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { silentLogger } from "../kernel/logger.ts";
import { aDelivery, type TestDelivery } from "./harness.memory.ts";
import { aSink } from "./outbox.port-tests.ts";
import { createSweepExpired } from "./sweep-expired.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const sink = aSink({ isPaused: true, retentionDays: 7 });

let delivery: TestDelivery;
let sweep: ReturnType<typeof createSweepExpired>;
beforeEach(async () => {
  delivery = await aDelivery();
  const { store, clock } = delivery;
  sweep = createSweepExpired({ sinks: () => [sink], store, clock, log: silentLogger() });
  await delivery.add(sink);
  delivery.storeEvents([anEvent()]);
  await store.notes(sink.id).set("a", "1");
});
afterEach(async () => {
  await sweep.stop();
  await delivery.close();
});
const expired = async () => (await delivery.store.outbox.counters(sink.id)).expired;
const note = () => delivery.store.notes(sink.id).get("a");

test("what waited beyond the retention expires, not in the first ten minutes after a start", async () => {
  delivery.jump(7 * DAY_MS + 1);
  sweep.start();
  await delivery.advance(9 * MINUTE_MS);
  expect(await expired()).toBe(0);
  await delivery.advance(4 * MINUTE_MS);
  expect(await expired()).toBe(1);
});

test("a clock that was put forward gives nothing up for ten minutes", async () => {
  sweep.start();
  await delivery.advance(20 * MINUTE_MS);
  delivery.jump(30 * DAY_MS);
  await delivery.advance(9 * MINUTE_MS);
  expect(await expired()).toBe(0);
  delivery.jump(-30 * DAY_MS);
  await delivery.advance(30 * MINUTE_MS);
  expect(await expired()).toBe(0);
});

test("a note is forgotten 30 days after the retention, when no event of its time can come again", async () => {
  sweep.start();
  delivery.jump(37 * DAY_MS - 30 * MINUTE_MS);
  await delivery.advance(20 * MINUTE_MS);
  expect(await note()).toBe("1");
  await delivery.advance(20 * MINUTE_MS);
  expect(await note()).toBeNull();
});
