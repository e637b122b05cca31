import { expect, test } from "vitest";
import { createTileCrowd } from "./tile-crowd.ts";

function aSession() {
  const calls: string[] = [];
  return { calls, release: () => void calls.push("release"), stop: () => void calls.push("stop") };
}

test("a tile is crowded out by others, never by itself", () => {
  const crowd = createTileCrowd(1);
  const [one, other] = [crowd.place(), crowd.place()];
  const session = one.counted(aSession());
  expect([one.isCrowded(), other.isCrowded()]).toEqual([false, true]);
  session.release();
  expect(other.isCrowded()).toBe(false);
});

test("a session that is released and then stopped is counted off once", () => {
  const crowd = createTileCrowd(1);
  const [one, other] = [crowd.place(), crowd.place()];
  one.counted(aSession());
  const inner = aSession();
  const session = other.counted(inner);
  session.release();
  session.stop();
  expect(other.isCrowded()).toBe(true);
  expect(inner.calls).toEqual(["release", "stop"]);
});
