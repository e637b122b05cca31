import type { ModelEntry } from "#contract/system.ts";

const NAMED: Record<number, string> = { 0: "person", 2: "car" };

/** For tests: YOLOX-nano as the manifest lists it, of which a test overrides what matters to it. */
export function aModel(overrides: Partial<ModelEntry> = {}): ModelEntry {
  return {
    id: "yolox-nano",
    file: "yolox_nano.onnx",
    task: "objects",
    family: "yolox",
    title: "YOLOX-nano",
    licence: "Apache-2.0",
    addresses: [],
    sha256: [],
    sizeBytes: 3_659_407,
    input: { name: "images", widthPx: 416, heightPx: 416 },
    outputs: ["output"],
    labels: Array.from({ length: 80 }, (_, index) => NAMED[index] ?? `class ${index}`),
    minScore: 0.35,
    demonstration: false,
    accuracy: "",
    ...overrides,
  };
}
