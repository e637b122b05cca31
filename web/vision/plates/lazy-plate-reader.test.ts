import { expect, test } from "vitest";
import type { ModelEntry } from "#contract/system.ts";
import { createLazyPlateReader } from "./lazy-plate-reader.ts";
import { aPicture } from "./plates.memory.ts";

const entry = (file: string): ModelEntry => ({
  id: file,
  file,
  task: "plates",
  family: "lpd-yunet",
  title: "",
  licence: "",
  addresses: [],
  sha256: [],
  sizeBytes: 1,
  input: { name: "input", widthPx: 1, heightPx: 1 },
  outputs: [],
  labels: [],
  minScore: 0.1,
  demonstration: false,
  accuracy: "",
});

test("nothing is loaded before the first picture; what could not be had is asked for again after half a minute", async () => {
  let nowMs = 0;
  let asked = 0;
  const reader = createLazyPlateReader({
    models: { finder: entry("finder.onnx"), reader: entry("reader.onnx") },
    loadRuntime: () => {
      asked += 1;
      return Promise.reject(new Error("offline"));
    },
    loadModel: async () => new ArrayBuffer(1),
    nowMs: () => nowMs,
  });
  expect(asked).toBe(0);
  await expect(reader.read(aPicture, [])).rejects.toThrow("offline");
  nowMs = 29_999;
  await expect(reader.read(aPicture, [])).rejects.toThrow("offline");
  expect(asked).toBe(1);
  nowMs = 30_000;
  await expect(reader.read(aPicture, [])).rejects.toThrow("offline");
  expect(asked).toBe(2);
});
