import { expect, test } from "vitest";
import { createTabLocks } from "./tab-locks.ts";

function held() {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { until, release };
}

// the real Web Locks of the runtime: two instances stand for two tabs
const tab = () => createTabLocks("a-test", navigator.locks);

test("a second tab is told busy and does not run", async () => {
  const { until, release } = held();
  const first = tab().ifFree(() => until);
  let ran = false;
  const second = await tab().ifFree(async () => {
    ran = true;
  });
  release();
  await first;
  expect([second, ran]).toEqual(["busy", false]);
});

test("the lock is free again after its work failed", async () => {
  await expect(tab().ifFree(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await tab().ifFree(async () => "ran")).toBe("ran");
});

test("in turn runs after the one before", async () => {
  const { until, release } = held();
  const order: string[] = [];
  const first = tab().ifFree(() => until.then(() => order.push("tab")));
  const second = tab().inTurn(async () => order.push("worker"), new AbortController().signal);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(["tab", "worker"]);
});

test("waiting for the turn ends with the signal", async () => {
  const { until, release } = held();
  const first = tab().ifFree(() => until);
  const ending = new AbortController();
  const second = tab().inTurn(async () => "ran", ending.signal);
  ending.abort(new Error("too long"));
  await expect(second).rejects.toThrow("too long");
  release();
  await first;
});

test("without Web Locks the work still runs", async () => {
  expect(await createTabLocks("a-test", undefined).ifFree(async () => "ran")).toBe("ran");
});
