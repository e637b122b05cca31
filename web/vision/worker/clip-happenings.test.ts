import { expect, test } from "vitest";
import { type ClipDetections, EXPECTED, scoreOf, toldOf } from "./clip-happenings.memory.ts";

// Unit tests run in Node; a worker's types know nothing of it, and should not.
declare const process: {
  getBuiltinModule(name: "node:fs"): { readFileSync(file: URL, encoding: "utf8"): string };
};
const { readFileSync } = process.getBuiltinModule("node:fs");
/** What the default model found; written by e2e/bench/accuracy/detect-clips.ts. */
const clips: ClipDetections = JSON.parse(
  readFileSync(new URL("clip-detections.json", import.meta.url), "utf8"),
);

test.each(EXPECTED.map((expected) => [`${expected.what} (${expected.clip})`, expected] as const))(
  "what was seen by eye is told, and nothing else: %s",
  (_, expected) => {
    const score = scoreOf(expected.spans, toldOf(expected, clips));
    expect(score).toMatchObject({ told: expected.spans.length, right: expected.spans.length });
    // a picture a second, and what counts was seen twice
    expect(score.startErrorS).toBeLessThanOrEqual(2);
    expect(score.endErrorS).toBeLessThanOrEqual(1);
  },
);

test("the four of the classroom are counted in every picture", () => {
  const looks = clips["classroom-preview-pingpong"]?.looks ?? [];
  expect(looks).toHaveLength(12);
  for (const rows of looks) expect(rows.filter(([label]) => label === "person")).toHaveLength(4);
});
