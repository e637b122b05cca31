import { expect, test } from "vitest";
import { createStorageWatch } from "./storage-watch.ts";

/** A browser whose figures a test sets; `pass` lets the time of the next look come. */
function aBrowser(usage: number, quota = 1_000) {
  let work = () => {};
  const browser = { usage, quota, isPersistent: false, answers: true, asked: 0 };
  const watch = createStorageWatch({
    storage: {
      async estimate() {
        browser.asked += 1;
        if (!browser.answers) throw new Error("no");
        return { usage: browser.usage, quota: browser.quota };
      },
      persisted: async () => browser.isPersistent,
      async persist() {
        browser.isPersistent = true;
        return true;
      },
    },
    every(wanted) {
      work = wanted;
      return () => {
        work = () => {};
      };
    },
  });
  return { browser, watch, pass: () => work() };
}

test("from four fifths on the room is tight", async () => {
  const { browser, watch, pass } = aBrowser(799);
  watch.start();
  await expect.poll(watch.state).toMatchObject({ isTight: false });
  browser.usage = 800;
  pass();
  await expect.poll(watch.state).toMatchObject({ isTight: true });
});

test("a browser that is asked to keep everything shows its answer at once", async () => {
  const { watch } = aBrowser(1);
  let told = 0;
  watch.subscribe(() => {
    told += 1;
  });
  await watch.askPersistence();
  expect(watch.state()).toMatchObject({ usedBytes: 1, quotaBytes: 1_000, isPersistent: true });
  expect(told).toBe(1);
});

test.each([
  ["gives no figures", 0],
  ["does not answer", 1_000],
])("a browser that %s is never said to be full", async (_, quota) => {
  const { browser, watch } = aBrowser(1_000, quota);
  browser.answers = quota === 0;
  watch.start();
  await expect.poll(() => browser.asked).toBe(1);
  expect(watch.state()).toEqual({ status: "unknown" });
});

test("where there is nothing to ask, nothing fails", async () => {
  const watch = createStorageWatch({ storage: undefined, every: () => () => {} });
  watch.start();
  await watch.askPersistence();
  watch.stop();
  expect(watch.state()).toEqual({ status: "unknown" });
});

test("after stop it does not look again", async () => {
  const { browser, watch, pass } = aBrowser(1);
  watch.start();
  watch.stop();
  pass();
  expect(browser.asked).toBe(1);
});
