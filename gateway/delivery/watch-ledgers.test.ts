import { afterEach, beforeEach, expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { silentLogger } from "../kernel/logger.ts";
import { aDelivery, type TestDelivery } from "./harness.memory.ts";
import { createLedgers } from "./ledgers.ts";
import { aSink } from "./outbox.port-tests.ts";
import { createWatchLedgers } from "./watch-ledgers.ts";

let base: TestDelivery;
beforeEach(async () => {
  base = await aDelivery();
});
afterEach(() => base.close());

test("a ledger that stops balancing is found while nobody looks, and one that balances again is not told of", async () => {
  const sink = aSink({ isPaused: true });
  await base.sinks.insert(sink);
  base.storeEvents([anEvent(), anEvent()]);
  const { clock, store, database } = base;
  const log = silentLogger();
  const ledgers = createLedgers({ outbox: store.outbox, steadyMs: clock.steadyMs, log });
  const watch = createWatchLedgers({ sinks: () => [sink], ledgers, clock, log });
  watch.start();
  await base.advance(1_000);
  expect(ledgers.unbalanced()).toBe(0);
  database.raw.exec("update sink_ledgers set created = created + 1");
  await base.advance(60_000);
  expect(ledgers.unbalanced()).toBe(1);
  database.raw.exec("update sink_ledgers set created = created - 1");
  await base.advance(60_000);
  expect(ledgers.unbalanced()).toBe(0);
  await watch.stop();
});
