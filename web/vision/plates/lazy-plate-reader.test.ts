import { expect, test } from "vitest";
import { createLazyPlateReader } from "./lazy-plate-reader.ts";
import { aPicture, aRead } from "./plates.memory.ts";

function aShop() {
  const shop = {
    nowMs: 0,
    opened: 0,
    closed: 0,
    atOnce: 0,
    mostAtOnce: 0,
    trouble: null as Error | null,
    openTrouble: null as Error | null,
  };
  const reader = createLazyPlateReader({
    async open() {
      shop.opened += 1;
      if (shop.openTrouble) throw shop.openTrouble;
      return {
        async read() {
          shop.atOnce += 1;
          shop.mostAtOnce = Math.max(shop.mostAtOnce, shop.atOnce);
          await Promise.resolve();
          shop.atOnce -= 1;
          if (shop.trouble) throw shop.trouble;
          return [aRead("ABC1D23")];
        },
        close() {
          shop.closed += 1;
        },
      };
    },
    nowMs: () => shop.nowMs,
  });
  return { shop, reader };
}

test("nothing is opened before the first picture; what could not be had is asked for again after half a minute", async () => {
  const { shop, reader } = aShop();
  shop.openTrouble = new Error("offline");
  expect(shop.opened).toBe(0);
  await expect(reader.read(aPicture, [])).rejects.toThrow("offline");
  shop.nowMs = 29_999;
  await expect(reader.read(aPicture, [])).rejects.toThrow("offline");
  expect(shop.opened).toBe(1);
  shop.nowMs = 30_000;
  shop.openTrouble = null;
  expect(await reader.read(aPicture, [])).toHaveLength(1);
  expect(shop.opened).toBe(2);
});

test("a reader that fails is ended, and another one reads half a minute later", async () => {
  const { shop, reader } = aShop();
  await reader.read(aPicture, []);
  shop.trouble = new Error("its worker ended");
  await expect(reader.read(aPicture, [])).rejects.toThrow("its worker ended");
  await expect.poll(() => shop.closed).toBe(1);
  shop.trouble = null;
  shop.nowMs = 30_000;
  expect(await reader.read(aPicture, [])).toHaveLength(1);
  expect(shop.opened).toBe(2);
});

test("cameras that see vehicles at once are read one after the other", async () => {
  const { shop, reader } = aShop();
  await Promise.all([1, 2, 3].map(() => reader.read(aPicture, [])));
  expect([shop.mostAtOnce, shop.opened]).toEqual([1, 1]);
});
