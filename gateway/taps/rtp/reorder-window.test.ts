import fc from "fast-check";
import { expect, test } from "vitest";
import { createReorderWindow } from "./reorder-window.ts";
import { parseRtpPacket } from "./rtp-packet.ts";
import { rtpPacket } from "./rtp-samples.memory.ts";
import { newStreamStats } from "./stream-stats.ts";

function aWindow() {
  const seen: string[] = [];
  const stats = newStreamStats();
  const window = createReorderWindow({
    stats,
    onPacket: ({ sequence }, missingBefore) => seen.push(`${missingBefore ? "!" : ""}${sequence}`),
    onRestart: () => seen.push("restart"),
  });
  function push(sequence: number, nowMs = 0, ssrc = 7) {
    const bytes = rtpPacket({ payload: Buffer.from([1, 2]), sequence, ssrc });
    const packet = parseRtpPacket(bytes, 0, bytes.length);
    if (packet) window.push(packet, nowMs);
  }
  return { push, seen, stats, window };
}

test("packets out of order are put back in their place, also where the numbers wrap", () => {
  const { push, seen, stats } = aWindow();
  for (const sequence of [65_534, 0, 65_535, 1]) push(sequence);
  expect(seen).toEqual(["65534", "65535", "0", "1"]);
  expect(stats).toMatchObject({ reordered: 1, lost: 0 });
});

test("a packet that does not come is given up after 16 others, and counted", () => {
  const { push, seen, stats, window } = aWindow();
  push(1);
  for (let sequence = 4; sequence < 20; sequence += 1) push(sequence);
  expect(seen.slice(0, 3)).toEqual(["1", "!4", "5"]);
  expect(stats.lost).toBe(2);
  expect(window.heldPackets()).toBe(0);
});

test("a packet that does not come is given up after 200 ms", () => {
  const { push, seen } = aWindow();
  push(1, 0);
  push(3, 10);
  push(4, 150);
  expect(seen).toEqual(["1"]);
  push(5, 250);
  expect(seen).toEqual(["1", "!3", "4", "5"]);
});

test("a packet that comes twice is counted, not given on", () => {
  const { push, seen, stats } = aWindow();
  for (const sequence of [1, 2, 2, 1, 3]) push(sequence);
  expect(seen).toEqual(["1", "2", "3"]);
  expect(stats.late).toBe(2);
});

test("a far jump, another source, or numbers set back are a new beginning", () => {
  const { push, seen } = aWindow();
  push(1);
  push(20_000);
  push(20_001, 0, 8);
  expect(seen).toEqual(["1", "restart", "!20000", "restart", "!20001"]);
  for (let sequence = 19_000; sequence < 19_020; sequence += 1) push(sequence, 0, 8);
  expect(seen.slice(-5)).toEqual(["restart", "!19016", "19017", "19018", "19019"]);
});

test("whatever order packets come in within the window, they go on in order and whole", () => {
  const shuffled = fc
    .integer({ min: 0, max: 0xffff })
    .chain((first) =>
      fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }).map((order) => ({ first, order })),
    );
  fc.assert(
    fc.property(shuffled, ({ first, order }) => {
      const { push, seen } = aWindow();
      push(first);
      for (const index of order) push((first + 1 + index) & 0xffff);
      expect(seen).toEqual([...Array(13).keys()].map((index) => String((first + index) & 0xffff)));
    }),
  );
});

test("any sequence numbers at all are held in bounds", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }), (sequences) => {
      const { push, window } = aWindow();
      for (const sequence of sequences) {
        push(sequence);
        expect(window.heldPackets()).toBeLessThan(16);
      }
    }),
  );
});
