import { expect, test } from "vitest";
import { createAlikeWatch } from "./alike-watch.ts";

/** Looks once a second at a camera of 15 pictures and, where they are told, one key frame a second. */
function setUp({ tellsKeyFrames = true } = {}) {
  let seconds = 0;
  const watch = createAlikeWatch(() => seconds * 1_000);
  return {
    watch,
    look(hash: number, frames = (seconds + 1) * 15) {
      seconds += 1;
      watch.look({ hash, frames, keyFrames: tellsKeyFrames ? seconds : null });
      return watch.sinceMs();
    },
  };
}

test("pictures that stay the same over key frames are told, from the first of them on", () => {
  const { look } = setUp();
  expect([look(1), look(7), look(7), look(7)]).toEqual([null, null, null, null]);
  expect(look(7)).toBe(2_000);
  expect(look(7)).toBe(2_000);
});

test("one picture that differs ends it", () => {
  const { look } = setUp();
  for (let i = 0; i < 6; i++) look(7);
  expect(look(8)).toBeNull();
  expect(look(7)).toBeNull();
});

test("a still scene between two key frames is not told, however long it lasts", () => {
  const watch = createAlikeWatch(() => 0);
  for (let frames = 1; frames < 400; frames++) watch.look({ hash: 7, frames, keyFrames: 5 });
  expect(watch.sinceMs()).toBeNull();
});

test("looks at a picture that stands because nothing arrives say nothing", () => {
  const { look } = setUp();
  look(7, 15);
  for (let i = 0; i < 30; i++) expect(look(7, 15)).toBeNull();
});

test("where key frames are not told, it takes 20 s", () => {
  const { look } = setUp({ tellsKeyFrames: false });
  const told = Array.from({ length: 22 }, () => look(7));
  expect(told.indexOf(1_000)).toBe(20);
});
