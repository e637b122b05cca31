import { expect, test } from "vitest";
import { aPicture } from "./example-pictures.memory.ts";
import { createMotionPolicy } from "./motion-policy.ts";

const empty = aPicture((x) => 80 + x / 10);
const somebody = aPicture((x, y) => (x > 200 && x < 260 && y > 100 ? 20 : 80 + x / 10));

function policyOf({ busy = { now: false }, phase = 0 } = {}) {
  const policy = createMotionPolicy({ isBusy: () => busy.now, phase });
  let atMs = 1_000_000;
  return {
    busy,
    lost: policy.lost,
    /** One picture a second; how each was judged. */
    see: (picture: typeof empty, seconds: number) =>
      Array.from({ length: seconds }, () => {
        atMs += 1_000;
        return policy.judge(picture, atMs).kind;
      }),
    jumpBack: () => {
      atMs -= 3_600_000;
    },
  };
}
const looks = (kinds: string[]): number => kinds.filter((kind) => kind === "look").length;

test("a still camera is looked at every 20 s, and no more", () => {
  const { see } = policyOf();
  see(empty, 5);
  const kinds = see(empty, 60);
  expect(looks(kinds)).toBe(3);
});

test("still cameras that differ in phase are looked at in different seconds, again and again", () => {
  const seen = [0, 0.25, 0.5, 0.75].map((phase) => {
    const { see } = policyOf({ phase });
    see(empty, 5);
    return see(empty, 60);
  });
  const bySecond = Array.from({ length: 60 }, (_, second) => looks(seen.map((kinds) => kinds[second] ?? "")));
  expect(seen.map(looks)).toEqual([3, 3, 3, 3]);
  expect(Math.max(...bySecond)).toBe(1);
});

test("motion in all cameras at once does not bring their looks into the same seconds", () => {
  const seen = [0, 0.25, 0.5, 0.75].map((phase) => {
    const { see } = policyOf({ phase });
    see(empty, 20);
    see(somebody, 1);
    see(empty, 10);
    return see(empty, 20);
  });
  const bySecond = Array.from({ length: 20 }, (_, second) => looks(seen.map((kinds) => kinds[second] ?? "")));
  expect(seen.map(looks)).toEqual([1, 1, 1, 1]);
  expect(Math.max(...bySecond)).toBe(1);
});

test("after motion a few pictures are looked at, moving or not", () => {
  const { see } = policyOf();
  see(empty, 20);
  expect(see(somebody, 1)).toEqual(["look"]);
  expect(see(empty, 4)).toEqual(["look", "look", "still", "still"]);
});

test("something put down that turns out to be nobody is looked at for a few pictures, and so is its going", () => {
  const { see } = policyOf();
  see(empty, 12);
  const kinds = see(somebody, 40);
  expect(looks(kinds.slice(0, 4))).toBe(4);
  expect(looks(kinds.slice(8))).toBeLessThanOrEqual(4);
  expect(see(empty, 1)).toEqual(["look"]);
});

test("while the camera is busy no picture is left out, however still it is", () => {
  const { see, busy } = policyOf();
  see(empty, 20);
  busy.now = true;
  expect(looks(see(empty, 30))).toBe(30);
});

test("a look that was lost is made up for by the next picture", () => {
  const { see, lost } = policyOf();
  see(empty, 15);
  lost();
  expect(see(empty, 2)).toEqual(["look", "still"]);
});

test("a camera whose clock jumped back is looked at", () => {
  const { see, jumpBack } = policyOf();
  see(empty, 15);
  jumpBack();
  expect(see(empty, 1)).toEqual(["look"]);
});
