import fc from "fast-check";
import { expect, test } from "vitest";
import { aLine, anId, aQueueRule, aZone } from "#contract/examples.ts";
import { crossesItself, isTimeZone, sceneFaults } from "#contract/scene-faults.ts";
import type { Point } from "#contract/zones.ts";

const outline = (...corners: [x: number, y: number][]): Point[] => corners.map(([x, y]) => ({ x, y }));
const kinds = (scene: Partial<Parameters<typeof sceneFaults>[0]>) =>
  sceneFaults({ zones: [], lines: [], rules: [], ...scene }).map(({ kind, at }) => [kind, ...at]);

test("a sound scene has no faults", () => {
  const zone = aZone();
  const rules = [aQueueRule({ zoneId: zone.id }), aQueueRule()];
  expect(kinds({ zones: [zone, aZone({ kind: "mask" })], lines: [aLine()], rules })).toEqual([]);
});

test.each([
  ["an L", outline([0, 0], [1, 0], [1, 0.3], [0.3, 0.3], [0.3, 1], [0, 1]), false],
  ["a corner in the middle of a straight side", outline([0, 0], [0.5, 0], [1, 0], [1, 1]), false],
  ["a bow tie", outline([0, 0], [1, 1], [1, 0], [0, 1]), true],
  ["a side that lies on the one before", outline([0, 0], [1, 0], [0.5, 0], [0.5, 1]), true],
  ["a last side that lies on the first", outline([0, 0], [0.5, 0], [1, 1], [1, 0]), true],
  ["a corner that touches another side", outline([0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]), true],
  ["the same corner twice", outline([0, 0], [0, 0], [1, 0], [1, 1]), true],
])("%s", (_, points, isCrossing) => {
  expect(crossesItself(points)).toBe(isCrossing);
  expect(crossesItself(points.toReversed())).toBe(isCrossing);
});

test("an outline with its corners in the order of their angle never crosses itself; two of them exchanged do", () => {
  const angles = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(angles, (degrees) => {
      const points = degrees
        .toSorted((a, b) => a - b)
        .map((degree) => ({
          x: 0.5 + 0.5 * Math.cos((degree * Math.PI) / 180),
          y: 0.5 + 0.5 * Math.sin((degree * Math.PI) / 180),
        }));
      expect(crossesItself(points)).toBe(false);
      const [a, b, ...rest] = points;
      if (a && b) expect(crossesItself([b, a, ...rest])).toBe(true);
    }),
  );
});

test("every fault names its place", () => {
  const flat = aZone({ points: outline([0, 0], [0.5, 0], [1, 0.00001]) });
  const mask = aZone({ kind: "mask" });
  const from = { x: 0.5, y: 0.5 };
  expect(kinds({ zones: [aZone(), flat] })).toEqual([["no_area", "zones", 1]]);
  expect(kinds({ lines: [aLine(), aLine({ from, to: { x: 0.501, y: 0.5 } })] })).toEqual([
    ["short_line", "lines", 1],
  ]);
  expect(kinds({ zones: [mask, aZone({ id: mask.id })] })).toEqual([["same_id", "zones", 1]]);
  expect(kinds({ rules: [aQueueRule({ zoneId: anId() })] })).toEqual([["unknown_zone", "rules", 0]]);
  expect(kinds({ zones: [mask], rules: [aQueueRule(), aQueueRule({ zoneId: mask.id })] })).toEqual([
    ["masked", "rules", 1],
  ]);
  const { threshold: _, startAfterS: __, endAfterS: ___, ...common } = aQueueRule();
  const idle = { ...common, kind: "idle" as const, afterS: 60, queueZoneId: anId() };
  expect(kinds({ rules: [idle] })).toEqual([["unknown_zone", "rules", 0]]);
});

test("a time zone is a name that Intl knows", () => {
  expect(["America/Sao_Paulo", "America/Noronha", "UTC"].map(isTimeZone)).toEqual([true, true, true]);
  expect(["", "Brasil", "-03:00", "+00:00"].map(isTimeZone)).toEqual([false, false, false, false]);
});
