import { expect, test } from "vitest";
import { createGroupedWrites } from "./grouped-writes.ts";

/** A disk whose writes end when the test says so. */
function slowDisk() {
  const writes: { items: string[]; finish: () => void }[] = [];
  const write = (items: string[]) => new Promise<void>((resolve) => writes.push({ items, finish: resolve }));
  return { writes, write };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what one turn offers goes to disk in one write", async () => {
  const { writes, write } = slowDisk();
  const offer = createGroupedWrites(write);
  const all = Promise.all([offer("a"), offer("b"), offer("c")]);
  await settled();
  expect(writes.map(({ items }) => items)).toEqual([["a", "b", "c"]]);
  writes[0]?.finish();
  await all;
});

test("what comes while a write runs waits and shares the next one", async () => {
  const { writes, write } = slowDisk();
  const offer = createGroupedWrites(write);
  const first = offer("a");
  await settled();
  const others = [offer("b"), offer("c")];
  await settled();
  expect(writes).toHaveLength(1);
  writes[0]?.finish();
  await first;
  await settled();
  expect(writes[1]?.items).toEqual(["b", "c"]);
  writes[1]?.finish();
  await Promise.all(others);
});

test("a promise stays open until its own write is on disk", async () => {
  const { writes, write } = slowDisk();
  const offer = createGroupedWrites(write);
  let onDisk = false;
  const offered = offer("a").then(() => {
    onDisk = true;
  });
  await settled();
  expect(onDisk).toBe(false);
  writes[0]?.finish();
  await offered;
  expect(onDisk).toBe(true);
});

test("one item that cannot be written rejects alone", async () => {
  const written: string[] = [];
  const offer = createGroupedWrites<string>(async (items) => {
    if (items.includes("bad")) throw new Error("cannot write");
    written.push(...items);
  });
  const results = await Promise.allSettled([offer("a"), offer("bad"), offer("b")]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(written).toEqual(["a", "b"]);
});
