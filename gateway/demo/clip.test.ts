import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadClip } from "./clip.ts";
import { MAX_PAYLOAD_BYTES } from "./packetizer.ts";

const shopScene = fileURLToPath(new URL("shop-scene.mp4", import.meta.url));

test("the drawn shop is 40 s of H.264 with a key frame a second and no B-frames, in 600 kB", async () => {
  const clip = await loadClip(shopScene);

  expect(clip).toMatchObject({ codec: "h264", widthPx: 640, heightPx: 360 });
  expect(clip.lengthMs).toBeCloseTo(40_000, 1);
  expect(clip.frames).toHaveLength(600);
  expect(clip.frames.every((frame, index) => frame.isKey === (index % 15 === 0))).toBe(true);
  expect(clip.frames.every((frame) => frame.dueMs === frame.presentationMs)).toBe(true);
  expect(statSync(shopScene).size).toBeLessThanOrEqual(600_000);
});

test("every key frame comes with the parameter sets, and every packet fits", async () => {
  const { frames, parameterSets } = await loadClip(shopScene);
  expect(parameterSets.map((unit) => (unit[0] ?? 0) & 31)).toEqual([7, 8]);
  for (const { isKey, payloads } of frames) {
    expect(((payloads[0]?.[0] ?? 0) & 31) === 24).toBe(isKey);
    expect(payloads.every((payload) => payload.length <= MAX_PAYLOAD_BYTES)).toBe(true);
  }
});

test("a file without video is refused with its name", async () => {
  await expect(loadClip(fileURLToPath(import.meta.url))).rejects.toThrow();
});
