import { expect, test } from "vitest";
import { watchLife } from "./worker-life.ts";

/** Holds the lock until let go, as a worker does until it ends. */
async function aLife(lockName: string) {
  let end: () => void = () => undefined;
  await new Promise<void>((held) => {
    void navigator.locks.request(lockName, () => {
      held();
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    });
  });
  return { end: () => end() };
}

test("the end of a life is told once, and not before", async () => {
  const life = await aLife("life-1");
  let ends = 0;
  watchLife("life-1", new AbortController().signal, () => {
    ends += 1;
  });
  // An unrelated lock has gone the same way in between.
  await navigator.locks.request("life-1-other", () => undefined);
  expect(ends).toBe(0);
  life.end();
  await expect.poll(() => ends).toBe(1);
});

test("nothing is told of a life that is not watched any more", async () => {
  const life = await aLife("life-2");
  const watching = new AbortController();
  let ends = 0;
  watchLife("life-2", watching.signal, () => {
    ends += 1;
  });
  watching.abort();
  life.end();
  await navigator.locks.request("life-2", () => undefined);
  expect(ends).toBe(0);
});
