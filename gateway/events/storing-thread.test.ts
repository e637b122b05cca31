import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { silentLogger } from "../kernel/logger.ts";
import { rowsOf } from "./insert-rows.ts";
import type { FromThread, ToThread } from "./storing.protocol.ts";
import { createStoring } from "./storing-thread.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const IDLE_MS = 30_000;
const aBatch = (count: number) =>
  rowsOf(Array.from({ length: count }, () => ({ ...anEvent(), received_at: "2026-03-01T12:00:01.000Z" })));

const aTurn = () => vi.advanceTimersByTimeAsync(0);

/** A thread whose every word the test says. */
function aThread() {
  const emitter = new EventEmitter();
  const told: ToThread[] = [];
  const worker = Object.assign(emitter, { postMessage: (message: ToThread) => told.push(message) });
  return {
    worker: worker as unknown as Worker, // of a worker nothing else is used
    told,
    insertsTold: () => told.filter((message) => message.kind === "insert"),
    says: (message: FromThread) => emitter.emit("message", message),
    ends: () => emitter.emit("exit", 0),
  };
}

function setUp() {
  const threads: ReturnType<typeof aThread>[] = [];
  const storedHere: number[] = [];
  const held: PromiseWithResolvers<void>[] = [];
  let isSending = false;
  let nowMs = 0;
  let isHolding = false;
  const storing = createStoring({
    async here({ count }) {
      const hold = Promise.withResolvers<void>();
      held.push(hold);
      if (!isHolding) hold.resolve();
      await hold.promise;
      storedHere.push(count);
      return Array(count).fill(true);
    },
    startThread() {
      const thread = aThread();
      threads.push(thread);
      return thread.worker;
    },
    mayUseThread: () => !isSending,
    steadyMs: () => nowMs,
    idleMs: IDLE_MS,
    log: silentLogger(),
  });
  const store = (count: number) => storing.insertRows(aBatch(count));
  const startThread = async () => {
    await store(2_000);
    const thread = threads.at(-1);
    if (!thread) throw new Error("no thread was started");
    thread.says({ kind: "ready" });
    return thread;
  };
  const passMs = (ms: number) => {
    nowMs += ms;
    vi.advanceTimersByTime(ms);
  };
  const hold = () => {
    isHolding = true;
  };
  const send = (isIt: boolean) => {
    isSending = isIt;
  };
  return { storing, store, startThread, threads, storedHere, held, hold, send, passMs };
}

test("a thread is started by two thousand events within a second, and not by as many within two", async () => {
  const { store, threads, passMs } = setUp();
  await store(1_500);
  passMs(1_000);
  await store(1_500);
  expect(threads).toHaveLength(0);
  await store(500);
  expect(threads).toHaveLength(1);
});

test("batches are stored here until the thread is ready, and then in the thread", async () => {
  const { store, threads, storedHere } = setUp();
  await store(2_000);
  await store(3);
  expect(storedHere).toEqual([2_000, 3]);
  threads[0]?.says({ kind: "ready" });
  const answer = store(2);
  await aTurn();
  expect(threads[0]?.insertsTold()).toHaveLength(1);
  threads[0]?.says({ kind: "inserted", id: 1, isNew: [true, false] });
  expect(await answer).toEqual([true, false]);
  expect(storedHere).toEqual([2_000, 3]);
});

test("the thread is given nothing before what began here is on disk", async () => {
  const { store, threads, held, hold } = setUp();
  hold();
  const here = store(2_000);
  threads[0]?.says({ kind: "ready" });
  const next = store(1);
  await aTurn();
  expect(threads[0]?.insertsTold()).toEqual([]);
  held[0]?.resolve();
  await here;
  await aTurn();
  expect(threads[0]?.insertsTold()).toHaveLength(1);
  threads[0]?.says({ kind: "inserted", id: 1, isNew: [true] });
  expect(await next).toEqual([true]);
});

test("while the disk fails what is stored here the thread is given nothing", async () => {
  const { store, threads, held, hold } = setUp();
  hold();
  const here = store(2_000);
  threads[0]?.says({ kind: "ready" });
  held[0]?.reject(new Error("the disk failed"));
  await expect(here).rejects.toThrow("the disk failed");
  const next = store(1);
  await aTurn();
  expect(threads[0]?.insertsTold()).toEqual([]);
  held[1]?.resolve();
  expect(await next).toEqual([true]);
  void store(1);
  await aTurn();
  expect(threads[0]?.insertsTold()).toHaveLength(1);
});

test("what the thread could not store for now may be sent again; a fault is told as one", async () => {
  const { store, startThread } = setUp();
  const thread = await startThread();
  const answers = Promise.allSettled([store(1), store(1)]);
  await aTurn();
  thread.says({ kind: "failed", id: 2, isUnavailable: false, message: "a fault" });
  thread.says({ kind: "failed", id: 1, isUnavailable: true, message: "the disk is full" });
  expect(await answers).toMatchObject([
    { reason: { code: "storage_unavailable", cause: { message: "the disk is full" } } },
    { reason: { message: "a fault" } },
  ]);
});

test("when the thread dies its batches may be sent again, and for a while all is stored here", async () => {
  const { store, startThread, threads, passMs } = setUp();
  const thread = await startThread();
  const lost = store(1);
  await aTurn();
  thread.ends();
  await expect(lost).rejects.toMatchObject({ code: "storage_unavailable" });
  expect(await store(2_000)).toHaveLength(2_000);
  expect(threads).toHaveLength(1);
  passMs(IDLE_MS - 1);
  await store(2_000);
  expect(threads).toHaveLength(1);
  passMs(1);
  await store(2_000);
  expect(threads).toHaveLength(2);
});

test("while something else writes all the time there is no thread", async () => {
  const { store, startThread, threads, storedHere, send } = setUp();
  send(true);
  await store(2_000);
  expect(threads).toHaveLength(0);
  send(false);
  const thread = await startThread();
  send(true);
  await store(1);
  expect([thread.told, storedHere.at(-1)]).toEqual([[{ kind: "end" }], 1]);
});

test("the thread ends when no second was busy for a while", async () => {
  const { store, startThread, storedHere, passMs } = setUp();
  const thread = await startThread();
  passMs(IDLE_MS - 1);
  void store(2_000);
  await aTurn();
  passMs(IDLE_MS - 1);
  expect(thread.told.at(-1)).toMatchObject({ kind: "insert" });
  passMs(1);
  expect(thread.told.at(-1)).toEqual({ kind: "end" });
  await store(7);
  expect(storedHere).toEqual([2_000, 7]);
});

test("stopping waits for what is stored here", async () => {
  const { storing, store, held, hold } = setUp();
  hold();
  const answer = store(1);
  let isStopped = false;
  const stopped = storing.stop().then(() => {
    isStopped = true;
  });
  await aTurn();
  expect(isStopped).toBe(false);
  held[0]?.resolve();
  await stopped;
  expect(await answer).toEqual([true]);
});

test("stopping lets the thread answer what it has, and waits for its end", async () => {
  const { storing, store, startThread } = setUp();
  const thread = await startThread();
  const answer = store(1);
  await aTurn();
  let isStopped = false;
  const stopped = storing.stop().then(() => {
    isStopped = true;
  });
  thread.says({ kind: "inserted", id: 1, isNew: [true] });
  expect(await answer).toEqual([true]);
  await aTurn();
  expect([thread.told.at(-1), isStopped]).toEqual([{ kind: "end" }, false]);
  thread.ends();
  await stopped;
});
