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
const PHASES = [0.1, 0.35, 0.6, 0.85];
const looks = (kinds: string[]): number => kinds.filter((kind) => kind === "look").length;
/** Pictures from look to look. */
const gapsOf = (kinds: string[]): number[] => {
  const at = kinds.flatMap((kind, second) => (kind === "look" ? [second] : []));
  return at.slice(1).map((second, index) => second - (at[index] ?? 0));
};

test("a still camera is looked at every 20 s for a minute, then every minute, and no more", () => {
  const { see } = policyOf();
  see(empty, 5);
  expect(looks(see(empty, 55))).toBe(3);
  const kinds = see(empty, 600);
  expect(looks(kinds)).toBe(10);
  expect(Math.max(...gapsOf(kinds))).toBeLessThanOrEqual(60);
});

test("motion makes its looks frequent again, and so does somebody who was followed", () => {
  const { see, busy } = policyOf();
  see(empty, 300);
  see(somebody, 1);
  see(empty, 9);
  expect(looks(see(empty, 40))).toBe(2);
  see(empty, 300);
  busy.now = true;
  see(empty, 10);
  busy.now = false;
  expect(looks(see(empty, 40))).toBe(2);
});

test("still cameras that differ in phase are looked at in different seconds, soon after motion and later", () => {
  const seen = PHASES.map((phase) => {
    const { see } = policyOf({ phase });
    see(empty, 20);
    see(somebody, 1);
    see(empty, 9);
    return see(empty, 60 + 240);
  });
  expect(seen.map((kinds) => looks(kinds.slice(0, 40)))).toEqual([2, 2, 2, 2]);
  expect(seen.map((kinds) => looks(kinds.slice(60)))).toEqual([4, 4, 4, 4]);
  const bySecond = Array.from({ length: 300 }, (_, second) =>
    looks(seen.map((kinds) => kinds[second] ?? "")),
  );
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
