import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder, keptOrder } from "./camera-order.ts";

const list = (ids: string) => [...ids].map((id) => ({ id }));
const ids = (cameras: { id: string }[]) => cameras.map(({ id }) => id).join("");

test("without an arrangement the list stands as it is, the very same", () => {
  const cameras = list("abc");
  expect(inOrder(cameras, [])).toBe(cameras);
});

test("a new camera comes last, in the list's own order", () => {
  expect(ids(inOrder(list("abcde"), ["c", "a", "b"]))).toBe("cabde");
});

test("a camera that was removed leaves the others as they stand", () => {
  expect(ids(inOrder(list("acd"), ["d", "b", "c", "a"]))).toBe("dca");
});

test("a camera that is away while others are arranged comes back behind the one it stood behind", () => {
  expect(keptOrder(["c", "a"], ["a", "x", "c"])).toEqual(["c", "a", "x"]);
  expect(keptOrder(["b", "a"], ["x", "y", "a", "b"])).toEqual(["x", "y", "b", "a"]);
});

test("whatever is added or removed, no camera is lost or twice, and those that stay keep their order", () => {
  const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2 }));
  fc.assert(
    fc.property(some, some, some, (cameras, order, arranged) => {
      const shown = inOrder(list(cameras.join("")), order).map(({ id }) => id);
      expect([...shown].sort()).toEqual(cameras.join("").split("").sort());
      const places = shown.map((id) => order.indexOf(id)).filter((place) => place >= 0);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      const kept = keptOrder(arranged, order);
      expect(new Set(kept)).toEqual(new Set([...arranged, ...order]));
      expect(kept.filter((id) => arranged.includes(id))).toEqual(arranged);
    }),
  );
});
