import { expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { NO_EVENTS, NOTHING_KNOWN, type Sync, type SyncStatus } from "../sync/sync.ts";
import { createLateSync } from "./late-sync.ts";

/** An outbox that notes what it is asked; `held` are the receipts it has on disk. */
function anOutbox() {
  const held: string[] = [];
  const asked: string[] = [];
  const status = (): SyncStatus => ({
    ...NOTHING_KNOWN,
    ledger: { ...NO_EVENTS, created: held.length, waiting: held.length },
  });
  const sync: Sync = {
    start: () => asked.push("start"),
    stop: () => asked.push("stop"),
    enqueue: async (events) => void held.push(...events.map(({ receipt_id }) => receipt_id)),
    flush: async () => void asked.push("flush"),
    askPersistence: async () => {},
    parked: () => Promise.reject(new Error("not asked for here")),
    status,
    subscribe: () => () => {},
  };
  return { sync, held, asked };
}

test("an event made before the outbox is here is kept once it comes, and only then said to be", async () => {
  const { sync, held, asked } = anOutbox();
  let arrive = (_sync: Sync) => {};
  const late = createLateSync(
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  late.start();
  const event = anEvent();
  const kept = late.enqueue([event]);
  expect(late.status().ledger.created).toBe(0);

  arrive(sync);
  await kept;
  expect(held).toEqual([event.receipt_id]);
  expect(asked).toEqual(["start"]);
  expect(late.status().ledger.waiting).toBe(1);
});

test("an outbox that could not be loaded fails the event, so that its maker keeps it, and is loaded again", async () => {
  const { sync, held } = anOutbox();
  let tries = 0;
  const late = createLateSync(async () => {
    tries += 1;
    if (tries === 1) throw new Error("no network");
    return sync;
  });
  await expect(late.enqueue([anEvent()])).rejects.toThrow("no network");
  await late.enqueue([anEvent()]);
  expect(held).toHaveLength(1);
});
