import fc from "fast-check";
import { expect, test } from "vitest";
import { aLine, anId, aQueueRule, aZone, someZones } from "#contract/examples.ts";
import { sceneFaults } from "#contract/scene-faults.ts";
import { CameraZones, type Rule } from "#contract/zones.ts";
import { AREA_PRESET_NAMES, AREA_PRESETS, LINE_PRESET_NAMES, LINE_PRESETS } from "./presets.ts";
import { shapesOf } from "./shapes.ts";
import {
  checkForm,
  copyOf,
  formOf,
  freeName,
  newLine,
  newRule,
  newZone,
  type RuleKind,
} from "./zones-form.ts";

const KINDS: RuleKind[] = [
  "queue",
  "idle",
  "restricted_area",
  "missing_person",
  "forbidden_object",
  "plate_read",
  "plate_listed",
  "plate_unlisted",
];
const sent = (...check: Parameters<typeof checkForm>) => {
  const checked = checkForm(...check);
  if (checked.status !== "ok") throw new Error(JSON.stringify(checked.problems));
  return checked.change;
};
const problems = (...check: Parameters<typeof checkForm>) => {
  const checked = checkForm(...check);
  return checked.status === "wrong" ? checked.problems : {};
};

test("a scene goes through the form unchanged, whatever its rules", () => {
  const zone = aZone();
  const common = { isEnabled: false, hours: "shop" as const, zoneId: zone.id };
  const rules: Rule[] = [
    aQueueRule({ ...common, threshold: 5, startAfterS: 0, endAfterS: 12.5 }),
    { ...common, id: anId(), name: "Empty", kind: "idle", afterS: 90, queueZoneId: zone.id },
    { ...common, id: anId(), name: "Few", kind: "missing_person", atLeast: 2, afterS: 10 },
    { ...common, id: anId(), name: "Dog", kind: "forbidden_object", labels: ["dog"], afterS: 4 },
    { ...common, id: anId(), name: "Gate", kind: "plate_unlisted", zoneId: null },
  ];
  const scene = someZones({
    version: 6,
    zones: [zone, aZone({ kind: "mask" })],
    lines: [aLine()],
    rules,
    picturesPerS: 0.5,
    minScores: { person: 0.45, car: 0.3, bottle: 0.6 },
  });
  const { cameraId: _, ...change } = scene;
  expect(sent(formOf(scene), scene)).toEqual(change);
});

test("a corner keeps its place to a fifth of a pixel, however often the form is saved", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
      const scene = someZones({ lines: [aLine({ from: { x, y: 0 }, to: { x: 0.5, y: 1 } })] });
      const once = sent(formOf(scene), scene);
      const kept = once.lines[0]?.from.x ?? Number.NaN;
      expect(Math.abs(kept - x)).toBeLessThanOrEqual(0.000051);
      const again = CameraZones.parse({ ...once, cameraId: scene.cameraId });
      expect(sent(formOf(again), again)).toEqual(once);
    }),
  );
});

test("every preset and every new rule but that of objects can be saved as it comes", () => {
  const zones = AREA_PRESET_NAMES.map((name) => newZone("zone", name, AREA_PRESETS[name]));
  const lines = LINE_PRESET_NAMES.map((name) => newLine(name, LINE_PRESETS[name]));
  const rules = KINDS.map((kind) => newRule(kind, kind, zones[0]?.id));
  const scene = someZones();
  const change = sent(
    { ...formOf(scene), zones, lines, rules: rules.filter(({ kind }) => kind !== "forbidden_object") },
    scene,
  );
  expect(sceneFaults(change)).toEqual([]);
  expect(change.rules).toHaveLength(KINDS.length - 1);
  expect(problems({ ...formOf(scene), rules: [newRule("forbidden_object", "x")] }, scene)).toEqual({
    "rules.0.labels": { key: "labels" },
  });
});

test("a field that is empty or out of range says what it takes, where it stands", () => {
  const scene = someZones({ zones: [aZone()], rules: [aQueueRule()], lines: [aLine()] });
  const values = formOf(scene);
  const [zone] = values.zones;
  if (zone?.points[1]) zone.points[1].x = "";
  if (values.lines[0]) values.lines[0].name = "  ";
  if (values.rules[0]) values.rules[0].threshold = 101;
  expect(problems({ ...values, picturesPerS: 11, personScore: 99 }, scene)).toEqual({
    "zones.0.points.1.x": { key: "range", least: 0, most: 100 },
    "lines.0.name": { key: "nameEmpty" },
    "rules.0.threshold": { key: "range", least: 1, most: 100 },
    picturesPerS: { key: "range", least: 0.1, most: 10 },
    personScore: { key: "range", least: 5, most: 95 },
  });
});

test("a shape that makes no sense is said at the shape, a rule without its zone at its place", () => {
  const bowTie = [
    { x: 0, y: 0 },
    { x: 100, y: 100 },
    { x: 100, y: 0 },
    { x: 0, y: 100 },
  ];
  const zone = newZone("zone", "Bow", bowTie);
  const scene = someZones();
  const gone = anId();
  const rules = [
    newRule("queue", "Q", gone),
    { ...newRule("idle", "I"), queueZoneId: gone },
    newRule("queue", "Fine", zone.id),
  ];
  const values = { ...formOf(scene), zones: [zone], rules };
  expect(problems(values, scene)).toEqual({
    "zones.0.shape": { key: "crossing" },
    "rules.0.zoneId": { key: "unknown_zone" },
    "rules.1.queueZoneId": { key: "unknown_zone" },
  });
  expect(shapesOf(values, zone.id)).toMatchObject([{ isWrong: true, isActive: true }]);
});

test("a shape is drawn once all its numbers are there, the open one over the others", () => {
  const values = formOf(someZones({ zones: [aZone(), aZone()], lines: [aLine()] }));
  const [first, second] = values.zones;
  expect(shapesOf(values, first?.id ?? null).map(({ id }) => id)).toEqual([
    second?.id,
    values.lines[0]?.id,
    first?.id,
  ]);
  if (second?.points[0]) second.points[0].y = "";
  expect(shapesOf(values, null)).toHaveLength(2);
});

test("a score for vehicles is one for all their classes; what was not touched stays", () => {
  const scene = someZones({ minScores: { person: 0.5, car: 0.2, bus: 0.7, bottle: 0.6 } });
  const values = formOf(scene);
  expect([values.personScore, values.vehicleScore]).toEqual([50, ""]);
  expect(sent(values, scene).minScores).toEqual(scene.minScores);
  const all = { car: 0.4, motorbike: 0.4, motorcycle: 0.4, bus: 0.4, truck: 0.4 };
  const changed = sent({ ...values, personScore: "", vehicleScore: 40 }, scene).minScores;
  expect(changed).toEqual({ ...all, bottle: 0.6 });
  expect(formOf(someZones({ minScores: changed })).vehicleScore).toBe(40);
});

test("a copy has ids of its own, and its rules name its own zones", () => {
  const [queue, till] = [aZone({ name: "Queue" }), aZone({ name: "Till" })];
  const rules: Rule[] = [
    aQueueRule({ zoneId: queue.id }),
    {
      id: anId(),
      name: "Empty",
      isEnabled: true,
      hours: "always",
      kind: "idle",
      zoneId: till.id,
      queueZoneId: queue.id,
      afterS: 60,
    },
    aQueueRule({ zoneId: null }),
  ];
  const scene = someZones({ zones: [queue, till], lines: [aLine()], rules });
  const copy = sent(copyOf(scene), someZones());
  const ids = [...copy.zones, ...copy.lines, ...copy.rules].map(({ id }) => id);
  const before = [...scene.zones, ...scene.lines, ...scene.rules].map(({ id }) => id);
  expect(ids.filter((id) => before.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  const names = (id: string | null) => copy.zones.find((zone) => zone.id === id)?.name ?? null;
  expect(copy.rules.map(({ zoneId }) => names(zoneId))).toEqual(["Queue", "Till", null]);
  expect(copy.rules[1]).toMatchObject({ queueZoneId: copy.zones[0]?.id });
});

test("a name that is taken gets a number", () => {
  expect(freeName("Zone", [])).toBe("Zone");
  expect(freeName("Zone", [{ name: "Zone" }, { name: "Zone 2" }])).toBe("Zone 3");
});
