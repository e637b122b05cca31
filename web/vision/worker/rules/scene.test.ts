import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { aZone, corner, sceneOf, zonesOf } from "./scene.memory.ts";
import { createScene } from "./scene.ts";

const keysOf = (scene: ReturnType<typeof createScene>) => scene.rules.map(({ about }) => about.kind);

test("a camera of which no zones are known has the built-in queue alone", () => {
  const scene = createScene({ queueThreshold: 4, zones: null });
  expect(scene).toMatchObject({ isKnown: false, masks: [], lines: [] });
  expect(scene.rules).toMatchObject([
    { key: "queue", about: { ruleId: null, zoneId: null }, condition: { areaId: "picture", count: 4 } },
  ]);
});

test("a queue rule takes the place of the built-in one, unless it is switched off", () => {
  const queue = { kind: "queue", threshold: 5 } as const;
  expect(sceneOf({ rules: [queue] }).rules).toMatchObject([{ condition: { count: 5 } }]);
  expect(sceneOf({ rules: [{ ...queue, isEnabled: false }] }).rules).toMatchObject([{ key: "queue" }]);
});

test("a rule in a zone that is not there, or is a mask, is left out", () => {
  const mask = aZone(corner(0.5, 0.5), { kind: "mask" });
  const scene = sceneOf({
    zones: [mask],
    rules: [
      { kind: "restricted_area", zoneId: anId() },
      { kind: "restricted_area", zoneId: mask.id },
      { kind: "idle", queueZoneId: anId() },
      { kind: "idle" },
    ],
  });
  expect(keysOf(scene)).toEqual(["queue", "idle"]);
  expect(scene.masks).toEqual([mask.points]);
});

test("rules about plates wait for plates", () => {
  const scene = sceneOf({ rules: [{ kind: "plate_read" }] });
  expect(keysOf(scene)).toEqual(["queue"]);
  expect(scene.plateRules).toHaveLength(1);
});

test("a rule means something else when it or its zone changes, not when its name does", () => {
  const zone = aZone(corner(0.5, 0.5));
  const zones = zonesOf({ zones: [zone], rules: [{ kind: "idle", zoneId: zone.id }] });
  const meaningOf = (changed: typeof zones) =>
    createScene({ queueThreshold: 3, zones: changed }).rules.at(-1)?.fingerprint;
  const [rule] = zones.rules;
  if (rule?.kind !== "idle") throw new Error("the rule above");
  const meaning = meaningOf(zones);
  expect(meaningOf({ ...zones, version: 2, rules: [{ ...rule, name: "Balcão" }] })).toBe(meaning);
  expect(meaningOf({ ...zones, rules: [{ ...rule, afterS: 10 }] })).not.toBe(meaning);
  expect(meaningOf({ ...zones, zones: [{ ...zone, points: corner(0.6, 0.5) }] })).not.toBe(meaning);
});
