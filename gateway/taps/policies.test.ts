import { expect, test } from "vitest";
import { CameraFailure, failureOfSocket } from "./camera-failure.ts";
import { combineStates } from "./camera-states.ts";
import { createGopCache } from "./gop-cache.ts";
import { createPictureWatch } from "./picture-watch.ts";
import { retryWaitMs } from "./retry-policy.ts";
import type { CameraUnit } from "./rtp/rtp-receiver.ts";

const aUnit = (keyFrame: boolean, sizeBytes = 10): CameraUnit => ({
  keyFrame,
  afterLoss: false,
  ptsUs: 0,
  cameraAtMs: 0,
  receivedAtMs: 0,
  data: Buffer.alloc(sizeBytes),
});

test("what heals by itself is tried again within 3 s however often it failed, what a person must mend less often", () => {
  for (const fault of ["refused", "unreachable", "timeout", "dropped", "frozen", "not_found"] as const) {
    expect(retryWaitMs(fault, 0, () => 0)).toBe(500);
    expect(retryWaitMs(fault, 50, () => 1)).toBe(3_000);
  }
  expect(retryWaitMs("no_video", 50, () => 0)).toBe(15_000);
  expect(retryWaitMs("unauthorized", 0)).toBeUndefined();
});

test("the newest group of pictures is kept whole", () => {
  const gop = createGopCache();
  for (const keyFrame of [true, false, true, false]) gop.push(aUnit(keyFrame));
  expect(gop.units().map(({ keyFrame }) => keyFrame)).toEqual([true, false]);
  expect(gop.complete()).toBe(true);
});

test("a group beyond 300 pictures or 8 MiB is kept as its key frame", () => {
  for (const [count, sizeBytes] of [
    [301, 10],
    [9, 1024 * 1024],
  ] as const) {
    const gop = createGopCache();
    gop.push(aUnit(true, sizeBytes));
    for (let index = 1; index < count; index += 1) gop.push(aUnit(false, sizeBytes));
    expect(gop.units()).toHaveLength(1);
    expect(gop.complete()).toBe(false);
    gop.push(aUnit(false));
    expect(gop.units()).toHaveLength(1);
    gop.push(aUnit(true));
    expect(gop.complete()).toBe(true);
  }
});

test("a key frame is a repeat the third time in a row, and what came since the second was none either", () => {
  const watch = createPictureWatch();
  const [still, other] = [Buffer.from("still"), Buffer.from("other")];
  expect(watch.keyFrame(still, 1_000)).toBe(true);
  expect(watch.picture(1_500)).toBe(true);
  expect(watch.keyFrame(Buffer.from(still), 2_000)).toBe(false);
  expect(watch.picture(2_500)).toBe(true);
  expect([watch.repeats(), watch.newestAtMs()]).toEqual([false, 2_500]);
  expect(watch.keyFrame(Buffer.from(still), 3_000)).toBe(false);
  expect(watch.picture(3_500)).toBe(false);
  expect([watch.repeats(), watch.newestAtMs(), watch.count()]).toEqual([true, 2_000, 3]);
  expect(watch.keyFrame(other, 8_000)).toBe(true);
  expect(watch.picture(8_100)).toBe(true);
  expect([watch.repeats(), watch.newestAtMs(), watch.count()]).toEqual([false, 8_100, 5]);
});

test("a stream that is down is the camera's state, and one that plays is more than one that is not read", () => {
  const online = {
    status: "online",
    sinceAtMs: 1,
    format: { family: "h264", codec: "avc1.4D4016", hasBFrames: false },
  } as const;
  const down = { status: "down", sinceAtMs: 2, fault: "dropped", detail: "" } as const;
  expect(combineStates([online, down])).toBe(down);
  expect(combineStates([{ status: "unknown" }, online])).toBe(online);
  expect(combineStates([])).toEqual({ status: "unknown" });
});

test("a failure's detail is one short line without a password", () => {
  const detail = new CameraFailure("protocol", `bad\r\nrtsp://admin:secret@10.0.0.1/x ${"a".repeat(500)}`)
    .message;
  expect(detail).toContain("bad rtsp://***@10.0.0.1/x");
  expect(detail.length).toBeLessThanOrEqual(200);
  const error = Object.assign(new Error("connect"), { code: "EHOSTUNREACH" });
  expect(failureOfSocket(error).fault).toBe("unreachable");
});
