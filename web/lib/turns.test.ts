import { expect, test } from "vitest";
import { createTurns, waitForTurn } from "./turns.ts";

function setUp(most: number) {
  const take = createTurns(most);
  const began: string[] = [];
  const enter = (name: string) => take(() => began.push(name));
  return { take, began, enter };
}

test("so many begin at once, the others in the order they came", () => {
  const { began, enter } = setUp(2);
  const leave = ["a", "b", "c", "d"].map(enter);
  expect(began).toEqual(["a", "b"]);
  leave[1]?.();
  expect(began).toEqual(["a", "b", "c"]);
  leave[0]?.();
  expect(began).toEqual(["a", "b", "c", "d"]);
});

test("whoever leaves the queue is not called and lets nobody in early", () => {
  const { began, enter } = setUp(1);
  const [first, second] = ["a", "b", "c"].map(enter);
  second?.();
  expect(began).toEqual(["a"]);
  first?.();
  expect(began).toEqual(["a", "c"]);
});

test("leaving twice frees one place", () => {
  const { began, enter } = setUp(1);
  const [first] = ["a", "b", "c"].map(enter);
  first?.();
  first?.();
  expect(began).toEqual(["a", "b"]);
});

test("awaiting a turn ends with null when it is no longer wanted, and the place goes to the next", async () => {
  const { take } = setUp(1);
  const held = await waitForTurn(take, new AbortController().signal);
  const given = new AbortController();
  const second = waitForTurn(take, given.signal);
  const third = waitForTurn(take, new AbortController().signal);
  given.abort();
  expect(await second).toBeNull();
  held?.();
  expect(await third).toBeTypeOf("function");
  expect(await waitForTurn(take, AbortSignal.abort())).toBeNull();
});

test("a turn aborted after it was given is still left by its holder alone", async () => {
  const { take, began, enter } = setUp(1);
  const given = new AbortController();
  const leave = await waitForTurn(take, given.signal);
  enter("next");
  given.abort();
  expect(began).toEqual([]);
  leave?.();
  expect(began).toEqual(["next"]);
});
