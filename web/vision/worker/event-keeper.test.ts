import { expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import { createEventKeeper } from "./event-keeper.ts";
import { memoryStation } from "./station-memory.memory.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));

function keeperWith({ refusals = 0 } = {}) {
  const memory = memoryStation();
  const taken: EventRecord[][] = [];
  const pending: { work(): void; afterMs: number }[] = [];
  let left = refusals;
  const keeper = createEventKeeper({
    memory,
    handOver: async (events) => {
      if (left-- > 0) throw new Error("the disk is full");
      taken.push(events);
    },
    later: (work, afterMs) => pending.push({ work, afterMs }),
    onTrouble: () => undefined,
  });
  return { keeper, memory, taken, pending };
}

test("events are on disk before they are handed over, and gone from it afterwards", async () => {
  const { keeper, memory, taken } = keeperWith();
  const events = [anEvent(), anEvent()];
  await keeper.commit([], events);
  expect(memory.keptEvents()).toEqual(events);
  await settled();
  expect(taken).toEqual([events]);
  expect(memory.keptEvents()).toEqual([]);
  expect(keeper.waitingCount()).toBe(0);
});

test("what was refused is tried again later and later, in order, until it is taken", async () => {
  const { keeper, memory, taken, pending } = keeperWith({ refusals: 2 });
  const [first, second] = [anEvent(), anEvent()];
  await keeper.commit([], [first]);
  await settled();
  await keeper.commit([], [second]);
  expect(taken).toEqual([]);
  expect(memory.keptEvents()).toEqual([first, second]);
  for (let turn = 0; turn < 2; turn += 1) {
    pending.at(-1)?.work();
    await settled();
  }
  expect(pending.map(({ afterMs }) => afterMs)).toEqual([1_000, 2_000]);
  expect(taken.flat()).toEqual([first, second]);
});

test("a disk that fails keeps no event from the page", async () => {
  const { keeper, memory, taken } = keeperWith();
  memory.breakDown();
  await keeper.commit([], [anEvent()]);
  await settled();
  expect(taken).toHaveLength(1);
});
