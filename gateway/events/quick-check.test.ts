import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EventRecord } from "#contract/events.ts";
import { aMetricsPayload, anEvent, anId, aQueuePayload } from "#contract/examples.ts";
import { PAYLOADS } from "#contract/payloads.ts";
import { quickCheck } from "./quick-check.ts";

type Json = Record<string, unknown>;
const at = "2026-03-01T12:00:00.000Z";

/** One whole value of each schema that events pass on their way in. */
const WHOLE: [string, z.ZodType, Json][] = [
  [
    "a record",
    EventRecord,
    anEvent({ camera_id: anId(), zone_id: anId(), org_id: anId(), meta: { a: [1] } }),
  ],
  [
    "camera.health",
    PAYLOADS["camera.health"],
    { status: "online", reason: "", fps: 14.9, bitrate_kbps: 800, last_frame_at: at, since: at },
  ],
  [
    "camera.snapshot",
    PAYLOADS["camera.snapshot"],
    { media_id: "m", sha256: "0f".repeat(32), width: 1, height: 1, reason: "", requested_by: "x" },
  ],
  ["queue.detected", PAYLOADS["queue.detected"], aQueuePayload({ wait_estimate_s: 4, reason: "closed" })],
  ["idle.detected", PAYLOADS["idle.detected"], { state: "ended", started_at: at, duration_s: 0.5 }],
  [
    "compliance.detected",
    PAYLOADS["compliance.detected"],
    {
      rule: { kind: "plate_read" },
      boxes: [{ left: 0.1, top: 0.2, width: 0.3, height: 0.4 }],
      layout: "old",
      confidence: 1,
      reads: 3,
    },
  ],
  [
    "vision.metrics.v1",
    PAYLOADS["vision.metrics.v1"],
    aMetricsPayload({ dwell_s: { mean: 1, p95: 2 }, lines: { door: { entries: 1, exits: 0 } } }),
  ],
];

const ODD = [null, -1, 0, 0.5, 60, 1e308, 2 ** 53, "", "x", at, "2026-02-30T00:00:00Z", anId(), [], {}, true];
const aValue = fc.oneof(fc.constantFrom<unknown>(...ODD), fc.jsonValue({ maxDepth: 2 }));

/** `value` with one field, at any depth, taken away, replaced or added. */
function change(value: Json, picks: number[], replacement: unknown): Json {
  const copy = structuredClone(value);
  let place: Json = copy;
  for (const pick of picks) {
    const names = [...Object.keys(place), "added", "__proto__"];
    const name = names[pick % names.length] ?? "added";
    const inner = place[name];
    if (typeof inner === "object" && inner !== null && Object.hasOwn(place, name) && pick % 3 > 0) {
      place = inner as Json; // objects and arrays alike: only their keys are used
      continue;
    }
    if (pick % 5 === 0) delete place[name];
    else Object.defineProperty(place, name, { value: replacement, enumerable: true, configurable: true });
    return JSON.parse(JSON.stringify(copy));
  }
  return copy;
}

describe.each(WHOLE)("%s", (_, schema, whole) => {
  const check = quickCheck(schema);

  test("a whole one is known quickly", () => {
    expect(check(whole)).toBe(true);
  });

  test("what passes quickly passes the schema, unchanged", () => {
    const changed = fc
      .tuple(fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 4 }), aValue)
      .map(([picks, replacement]) => change(whole, picks, replacement));
    fc.assert(
      fc.property(fc.oneof(changed, aValue), (value) => {
        if (!check(value)) return;
        const result = schema.safeParse(value);
        expect(result.success && result.data).toEqual(value);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each<[string, z.ZodType, unknown]>([
  ["a length", z.string().min(3), "abcd"],
  ["a transformation", z.string().trim(), "abcd"],
  ["a default", z.string().default("x"), "abcd"],
  ["a refinement", z.object({}).refine(() => true), {}],
  ["a refined element", z.array(z.number().refine(() => false)), [1]],
  ["an open bound", z.number().gt(1), 2],
  ["a multiple", z.number().multipleOf(2), 2],
  ["a small integer", z.int32(), 2],
  ["a format beyond its pattern", z.ipv6(), "::1"],
  ["a pattern with a memory", z.string().regex(/a/g), "a"],
  ["keys with a format", z.record(z.uuid(), z.number()), { [anId()]: 1 }],
  ["a union", z.union([z.string(), z.number()]), 1],
  ["a size of a list", z.array(z.number()).min(1), [1]],
])("%s is left to the schema", (_, schema, value) => {
  expect(quickCheck(schema)(value)).toBe(false);
});
