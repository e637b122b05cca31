import { expect, test } from "vitest";
import { createScreenLock } from "./wake-lock.ts";

/** A browser with a screen; `answer` is what it says to a request. */
function aScreen(answer: "yes" | "no" | "missing" = "yes") {
  const document = Object.assign(new EventTarget(), {
    visibilityState: "visible" as DocumentVisibilityState,
  });
  const locks: (EventTarget & { released: boolean; release(): Promise<void> })[] = [];
  const due: (() => void)[] = [];
  const request = async () => {
    if (answer === "no") throw new Error("NotAllowedError");
    const lock = Object.assign(new EventTarget(), {
      released: false,
      type: "screen" as const,
      onrelease: null,
      async release() {
        lock.released = true;
        lock.dispatchEvent(new Event("release"));
      },
    });
    locks.push(lock);
    return lock as WakeLockSentinel;
  };
  const screenLock = createScreenLock({
    wakeLock: answer === "missing" ? undefined : { request },
    document,
    later: (action) => {
      due.push(action);
      return 0 as unknown as ReturnType<typeof setTimeout>; // never looked at
    },
  });
  return {
    screenLock,
    locks,
    due,
    show(visibilityState: DocumentVisibilityState) {
      document.visibilityState = visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

/** Requests are answered by promises that are settled already. */
async function settle() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test("the screen is kept on, and let go at the end", async () => {
  const { screenLock, locks } = aScreen();
  screenLock.start();
  await settle();
  expect(screenLock.status()).toBe("held");
  screenLock.stop();
  expect(locks.map(({ released }) => released)).toEqual([true]);
});

test("a lock that was lost while the page was hidden is taken again once it is seen", async () => {
  const { screenLock, locks, show } = aScreen();
  screenLock.start();
  await settle();
  show("hidden");
  await locks[0]?.release(); // the browser does so by itself
  expect(screenLock.status()).toBe("asking");
  show("visible");
  await settle();
  expect(screenLock.status()).toBe("held");
  expect(locks).toHaveLength(2);
});

test("a lock that the device took back in sight is asked for again later", async () => {
  const { screenLock, locks, due } = aScreen();
  screenLock.start();
  await settle();
  await locks[0]?.release();
  expect(due).toHaveLength(1);
  due[0]?.();
  await settle();
  expect(screenLock.status()).toBe("held");
});

test("a browser that has none, or refuses, says so", async () => {
  const without = aScreen("missing").screenLock;
  without.start();
  expect(without.status()).toBe("missing");
  const refusing = aScreen("no").screenLock;
  refusing.start();
  await settle();
  expect(refusing.status()).toBe("missing");
});

test("a lock that comes after the end is let go at once", async () => {
  const { screenLock, locks } = aScreen();
  screenLock.start();
  screenLock.stop();
  await settle();
  expect(locks.map(({ released }) => released)).toEqual([true]);
});
