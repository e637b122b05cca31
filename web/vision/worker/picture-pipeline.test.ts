import { expect, test } from "vitest";
import { createPicturePipeline, type KeyFrame } from "./picture-pipeline.ts";

const picture = (receivedAtMs: number): KeyFrame => ({
  data: new Uint8Array(),
  codec: null,
  ptsUs: 0,
  receivedAtMs,
});

/** Detectors that answer when told to. */
function slowDetectors(count: number) {
  const atWork: { name: string; finish(): void; fail(): void }[] = [];
  const lookedAt: string[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  let detectors = count;
  const pipeline = createPicturePipeline<string>({
    decode: async (cameraId, { receivedAtMs }) => `${cameraId}@${receivedAtMs}`,
    detect: (name) =>
      new Promise((resolve, reject) => {
        const done = { found: [], inferenceMs: 1, detectMs: 1, widthPx: 640, heightPx: 360 };
        atWork.push({ name, finish: () => resolve(done), fail: () => reject(new Error("died")) });
      }),
    detectorCount: () => detectors,
    onLookedAt: (cameraId, { receivedAtMs }) => lookedAt.push(`${cameraId}@${receivedAtMs}`),
    onSkipped: (cameraId) => skipped.push(cameraId),
    onFailed: (cameraId) => failed.push(cameraId),
  });
  return {
    ...pipeline,
    lookedAt,
    skipped,
    failed,
    names: () => atWork.map(({ name }) => name),
    setDetectors(next: number) {
      detectors = next;
      pipeline.pump();
    },
    async answer(how: "finish" | "fail" = "finish") {
      atWork.shift()?.[how]();
      await settled();
    },
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("of pictures that come while one is looked at, only the newest is looked at", async () => {
  const { offer, answer, lookedAt, skipped, names } = slowDetectors(1);
  for (const atMs of [1, 2, 3, 4]) offer("a", picture(atMs));
  await settled();
  expect(names()).toEqual(["a@1"]);
  await answer();
  await answer();
  expect(lookedAt).toEqual(["a@1", "a@4"]);
  expect(skipped).toEqual(["a", "a"]);
});

test("one picture more than there are detectors is in work, and no more", async () => {
  const { offer, names } = slowDetectors(2);
  for (const cameraId of ["a", "b", "c", "d", "e"]) offer(cameraId, picture(1));
  await settled();
  expect(names()).toEqual(["a@1", "b@1", "c@1"]);
});

test("a camera that sends much does not keep the others from their turn", async () => {
  const { offer, answer, lookedAt } = slowDetectors(1);
  for (let round = 0; round < 6; round += 1) {
    for (let more = 0; more < 5; more += 1) offer("busy", picture(round * 10 + more));
    offer("calm", picture(round));
    await settled();
    await answer();
  }
  const busy = lookedAt.filter((name) => name.startsWith("busy")).length;
  expect(busy).toBe(3);
  expect(lookedAt.length).toBe(6);
});

test("without a detector pictures wait, the newest of each camera, until one comes", async () => {
  const { offer, setDetectors, names, skipped } = slowDetectors(0);
  offer("a", picture(1));
  offer("a", picture(2));
  await settled();
  expect(names()).toEqual([]);
  setDetectors(1);
  await settled();
  expect(names()).toEqual(["a@2"]);
  expect(skipped).toEqual(["a"]);
});

test("a picture that fails is told, and its camera goes on", async () => {
  const { offer, answer, failed, lookedAt } = slowDetectors(1);
  offer("a", picture(1));
  await settled();
  await answer("fail");
  expect(failed).toEqual(["a"]);
  offer("a", picture(2));
  await settled();
  await answer();
  expect(lookedAt).toEqual(["a@2"]);
});

test("what was still on its way for a camera that is gone is not told", async () => {
  const { offer, drop, answer, lookedAt } = slowDetectors(1);
  offer("a", picture(1));
  await settled();
  drop("a");
  await answer();
  expect(lookedAt).toEqual([]);
});
