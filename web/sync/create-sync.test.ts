import { afterEach, beforeEach, expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import type { TabChanges } from "../lib/tab-changes.ts";
import { createTabLocks } from "../lib/tab-locks.ts";
import { createSync, type SyncDeps } from "./create-sync.ts";
import { memoryDevice } from "./database.memory.ts";
import { type MemoryGateway, memoryGateway } from "./gateway.memory.ts";
import type { PageSignals } from "./page-signals.ts";
import { FLUSH_LOCK } from "./shared-names.ts";
import type { Sync, SyncStatus } from "./sync.ts";

type Timer = { work: () => void; dueAtMs: number };

/** One device with as many tabs as a test opens; time passes only by `pass`. */
function world() {
  let nowMs = 1_700_000_000_000;
  let timers: Timer[] = [];
  const tabs: { sync: Sync; wake: () => void; heard: () => void }[] = [];
  const device = memoryDevice();
  const gateway = memoryGateway();
  const askedOfBrowser: string[] = [];

  function later(work: () => void, delayMs: number): () => void {
    const timer = { work, dueAtMs: nowMs + delayMs };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  }

  /** Lets `byMs` pass; work whose time comes runs. */
  function pass(byMs: number) {
    nowMs += byMs;
    const ready = timers.filter((timer) => timer.dueAtMs <= nowMs);
    timers = timers.filter((timer) => timer.dueAtMs > nowMs);
    for (const { work } of ready) work();
  }

  function openTab(overrides: Partial<SyncDeps> = {}): Sync {
    let wake = () => {};
    let heard = () => {};
    const page: PageSignals = {
      looksOnline: () => true,
      onWake(listener) {
        wake = listener;
        return () => {
          wake = () => {};
        };
      },
      onHide: () => () => {},
      requestBackgroundSync: () => askedOfBrowser.push("background sync"),
    };
    const openChanges = (): TabChanges => ({
      announce() {
        for (const tab of tabs) if (tab.sync !== sync) tab.heard();
      },
      onChange(listener) {
        heard = listener;
      },
      close: () => {},
    });
    const sync = createSync({
      db: device.open(),
      fetch: gateway.fetch,
      locks: createTabLocks(FLUSH_LOCK, navigator.locks),
      openChanges,
      page,
      storage: {
        start: () => {},
        stop: () => {},
        state: () => ({ status: "unknown" }),
        subscribe: () => () => {},
        askPersistence: async () => void askedOfBrowser.push("persistence"),
      },
      nowMs: () => nowMs,
      random: () => 0,
      later,
      ...overrides,
    });
    tabs.push({ sync, wake: () => wake(), heard: () => heard() });
    return sync;
  }

  return { gateway, askedOfBrowser, openTab, pass, wake: () => tabs[0]?.wake(), tabs };
}

let run: ReturnType<typeof world>;
let gateway: MemoryGateway;

beforeEach(() => {
  run = world();
  gateway = run.gateway;
});

afterEach(() => {
  for (const { sync } of run.tabs) sync.stop();
});

/** Lets time pass until the status is as wanted. */
async function untilStatus(sync: Sync, wanted: (status: SyncStatus) => boolean): Promise<SyncStatus> {
  for (let tries = 0; tries < 500 && !wanted(sync.status()); tries += 1) {
    run.pass(100);
    await new Promise((resolve) => setTimeout(resolve));
  }
  if (!wanted(sync.status())) throw new Error(JSON.stringify(sync.status()));
  return sync.status();
}

const untilStored = (count: number) => expect.poll(() => gateway.stored.size).toBe(count);
const unreachable = () => ({ kind: "unreachable" }) as const;
const answering = () => ({ kind: "answer" }) as const;

test("an event goes out as soon as it is on disk", async () => {
  const sync = run.openTab();
  sync.start();
  await sync.enqueue([anEvent()]);
  await untilStored(1);
  const status = await untilStatus(sync, ({ ledger }) => ledger.acknowledged === 1);
  expect(status).toMatchObject({ online: true, lastError: null, oldestWaitingAtMs: null });
});

test("what an earlier page left is sent at the start", async () => {
  const earlier = run.openTab();
  await earlier.enqueue([anEvent(), anEvent()]);
  expect(gateway.stored.size).toBe(0);
  run.openTab().start();
  await untilStored(2);
});

test("while the gateway is away the status says so, and the browser is asked to wake the service worker", async () => {
  gateway.behave = unreachable;
  const sync = run.openTab();
  sync.start();
  await sync.enqueue([anEvent()]);
  const status = await untilStatus(
    sync,
    ({ nextTryAtMs, ledger }) => nextTryAtMs !== null && ledger.waiting === 1,
  );
  expect(status).toMatchObject({ online: false, lastError: "The gateway cannot be reached." });
  expect(status.oldestWaitingAtMs).not.toBeNull();
  expect(run.askedOfBrowser).toContain("background sync");
});

test("it tries again by itself when the wait is over", async () => {
  gateway.behave = unreachable;
  const sync = run.openTab();
  sync.start();
  await sync.enqueue([anEvent()]);
  await untilStatus(sync, ({ nextTryAtMs }) => nextTryAtMs !== null);
  gateway.behave = answering;
  await untilStatus(sync, ({ ledger }) => ledger.acknowledged === 1);
});

test.each([
  ["a wake-up of the page", () => run.wake()],
  ["flush()", () => void run.tabs[0]?.sync.flush()],
])("%s tries at once, whatever the backoff says", async (_, act) => {
  gateway.behave = unreachable;
  const sync = run.openTab();
  sync.start();
  await sync.enqueue([anEvent()]);
  await untilStatus(sync, ({ nextTryAtMs, flushing }) => nextTryAtMs !== null && !flushing);
  gateway.behave = answering;
  act();
  await untilStored(1);
});

test("flush() resolves after the try, also when one was under way", async () => {
  const sync = run.openTab();
  sync.start();
  const enqueued = sync.enqueue([anEvent()]);
  await enqueued;
  await Promise.all([sync.flush(), sync.flush()]);
  expect(gateway.stored.size).toBe(1);
});

test("an event written while another tab flushes is not forgotten", async () => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const slow: typeof fetch = async (path, init) => {
    await asked;
    return gateway.fetch(path, init);
  };
  const first = run.openTab({ fetch: slow });
  first.start();
  await first.enqueue([anEvent()]);
  await expect.poll(() => first.status().flushing).toBe(true);
  const second = run.openTab();
  second.start();
  await second.enqueue([anEvent()]);
  answer();
  await untilStatus(second, ({ ledger }) => ledger.acknowledged === 2);
  expect(gateway.posts.flatMap(({ receipts }) => receipts)).toHaveLength(2);
});

test("every tab shows what another one did", async () => {
  const [first, second] = [run.openTab(), run.openTab()];
  first.start();
  second.start();
  await first.enqueue([anEvent()]);
  await untilStatus(second, ({ ledger }) => ledger.acknowledged === 1);
});

test("another tab takes over what a closed one left", async () => {
  gateway.behave = unreachable;
  const [first, second] = [run.openTab(), run.openTab()];
  first.start();
  second.start();
  await first.enqueue([anEvent()]);
  await untilStatus(second, ({ ledger }) => ledger.waiting === 1);
  first.stop();
  gateway.behave = answering;
  await untilStatus(second, ({ ledger }) => ledger.acknowledged === 1);
});

test("a storage that fails shows its error and is tried again", async () => {
  const device = memoryDevice();
  const db = device.open();
  let broken = true;
  const get = db.gates.get.bind(db.gates);
  db.gates.get = ((key: "gateway") =>
    broken ? Promise.reject(new Error("disk full")) : get(key)) as typeof get;
  const sync = run.openTab({ db });
  sync.start();
  await sync.enqueue([anEvent()]);
  await untilStatus(sync, ({ lastError }) => lastError === "disk full");
  broken = false;
  await untilStatus(sync, ({ ledger, lastError }) => ledger.acknowledged === 1 && lastError === null);
});

test("a parked event that is retried goes out at once, and every tab shows it", async () => {
  gateway.refuses = () => true;
  const [first, second] = [run.openTab(), run.openTab()];
  first.start();
  second.start();
  await first.enqueue([anEvent()]);
  await untilStatus(second, ({ ledger }) => ledger.parked === 1);
  gateway.refuses = () => false;
  expect(await (await second.parked()).retry("all")).toBe(1);
  await untilStatus(first, ({ ledger }) => ledger.acknowledged === 1 && ledger.parked === 0);
});

test("a ledger that does not balance is found by itself", async () => {
  const device = memoryDevice();
  const db = device.open();
  gateway.behave = unreachable;
  const sync = run.openTab({ db });
  sync.start();
  await sync.enqueue([anEvent()]);
  await untilStatus(sync, ({ ledger }) => ledger.waiting === 1);
  expect(sync.status().ledger.isBalanced).toBe(true);
  await db.waiting.clear();
  await sync.enqueue([anEvent()]);
  await untilStatus(sync, ({ ledger }) => !ledger.isBalanced);
});

test("a device without room for an event says so until there is room again", async () => {
  const db = memoryDevice().open();
  const add = db.waiting.bulkAdd.bind(db.waiting);
  const full = () => Promise.reject(new DOMException("disk full", "QuotaExceededError"));
  db.waiting.bulkAdd = full as unknown as typeof add;
  const sync = run.openTab({ db });
  await expect(sync.enqueue([anEvent()])).rejects.toThrow("disk full");
  expect(sync.status().isOutOfRoom).toBe(true);
  db.waiting.bulkAdd = add;
  await sync.enqueue([anEvent()]);
  expect(sync.status().isOutOfRoom).toBe(false);
});

test("after stop nothing is tried, and enqueue still writes", async () => {
  const sync = run.openTab();
  sync.start();
  await sync.flush();
  sync.stop();
  await sync.enqueue([anEvent()]);
  run.wake();
  run.pass(3_600_000);
  await sync.flush();
  expect(gateway.posts).toHaveLength(0);
  run.openTab().start();
  await untilStored(1);
});

test("persistent storage is asked for at the start", () => {
  run.openTab().start();
  expect(run.askedOfBrowser).toEqual(["persistence"]);
});
