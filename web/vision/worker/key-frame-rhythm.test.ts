import { expect, test } from "vitest";
import { aRandom } from "./example-pictures.memory.ts";
import { createKeyFrameRhythm } from "./key-frame-rhythm.ts";

/** Hears key frames so far apart; which pictures are read after each. */
function rhythmOf(periodMs = 1_000) {
  const rhythm = createKeyFrameRhythm({ periodMs });
  let atMs = 1_000_000;
  return {
    ...rhythm,
    hearApart: (...distancesMs: number[]) =>
      distancesMs.map((distanceMs) => {
        atMs += distanceMs;
        return rhythm.hear({ receivedAtMs: atMs, ptsMs: atMs }, false);
      }),
    hearAfterLoss: (distanceMs: number) => {
      atMs += distanceMs;
      return rhythm.hear({ receivedAtMs: atMs, ptsMs: atMs }, true);
    },
  };
}
const times = (count: number, distanceMs: number) => Array.from({ length: count }, () => distanceMs);

test("key frames that come late, after the machine stood still, are no seldom ones", () => {
  const rhythm = createKeyFrameRhythm({ periodMs: 1_000 });
  const lateMs = [0, 0, 0, 6_000, 5_100, 4_200, 0, 0, 3_500, 2_600];
  const frames = lateMs.map((late, second) => {
    const ptsMs = second * 1_000;
    return rhythm.hear({ receivedAtMs: 1_000_000 + ptsMs + late, ptsMs }, false);
  });
  expect(new Set(frames)).toEqual(new Set(["key"]));
});

test("a camera whose own time stands still, or leaps, is believed by when its key frames come", () => {
  const heardWith = (ptsOf: (second: number) => number, everyMs: number) => {
    const rhythm = createKeyFrameRhythm({ periodMs: 1_000 });
    const seconds = Array.from({ length: 8 }, (_, second) => second);
    return seconds
      .map((second) => {
        const receivedAtMs = 1_000_000 + second * everyMs;
        return rhythm.hear({ receivedAtMs, ptsMs: ptsOf(second) }, false);
      })
      .at(-1);
  };
  expect(heardWith(() => 0, 4_000)).toBe("all");
  expect(heardWith((second) => second * 90_000, 1_000)).toBe("key");
});

test("a camera whose key frames come as often as it is looked at stays with them, jitter and all", () => {
  const { hearApart } = rhythmOf();
  const random = aRandom();
  const distances = Array.from({ length: 500 }, () => 700 + random() * 700);
  expect(new Set(hearApart(...distances))).toEqual(new Set(["key"]));
});

test.each([
  [2_000, 3],
  [4_000, 2],
  [10_000, 2],
])("key frames %i ms apart: all pictures are read after %i key frames", (distanceMs, keyFrames) => {
  const { hearApart, distanceMs: told } = rhythmOf();
  expect(hearApart(...times(keyFrames, distanceMs)).indexOf("all")).toBe(keyFrames - 1);
  expect(told()).toBe(distanceMs);
});

test("one key frame that came late, or after a loss, changes nothing", () => {
  const { hearApart, hearAfterLoss, frames } = rhythmOf();
  hearApart(...times(5, 1_000), 2_000, ...times(5, 1_000), 2_000, 1_000);
  hearAfterLoss(40_000);
  hearAfterLoss(40_000);
  hearApart(1_000);
  expect(frames()).toBe("key");
});

test("a smart encoder that changes its distance all the time does not make it change all the time", () => {
  const { hearApart } = rhythmOf();
  const distances = Array.from({ length: 200 }, (_, at) => (at % 6 < 3 ? 1_000 : 8_000));
  const frames = hearApart(...distances);
  const changes = frames.filter((now, at) => at > 0 && now !== frames[at - 1]).length;
  expect(changes).toBe(1);
});

test("a camera that was set to 1 s goes back to key frames, after a while", () => {
  const { hearApart } = rhythmOf();
  hearApart(...times(3, 4_000));
  const frames = hearApart(...times(80, 1_000));
  expect(frames.indexOf("key")).toBeGreaterThan(40);
  expect(frames.at(-1)).toBe("key");
});

test("pictures that are sent again say nothing", () => {
  const rhythm = createKeyFrameRhythm({ periodMs: 1_000 });
  for (const atMs of [1_000, 2_000, 2_000, 1_000, 2_000, 3_000]) {
    rhythm.hear({ receivedAtMs: atMs, ptsMs: atMs }, false);
  }
  expect(rhythm.distanceMs()).toBe(1_000);
});

test("a rate that is set higher is weighed at once", () => {
  const { hearApart, setPeriod } = rhythmOf();
  hearApart(...times(5, 1_000));
  expect(setPeriod(200)).toBe("all");
});

test("a gateway whose clock was set back by an hour is followed", () => {
  const { hearApart, distanceMs } = rhythmOf();
  hearApart(...times(5, 1_000), -3_600_000, ...times(5, 2_000));
  expect(distanceMs()).toBe(2_000);
});
