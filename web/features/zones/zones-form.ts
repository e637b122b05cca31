import { v7 } from "uuid";
import { type SceneFault, sceneFaults } from "#contract/scene-faults.ts";
import { type CameraZones, CameraZonesChange, type Line, type Rule, type Zone } from "#contract/zones.ts";

/** A text while a person is typing. */
export type Typed = number | string;
/** In percent of the picture. */
export type PointValues = { x: Typed; y: Typed };
export type ZoneValues = Omit<Zone, "points"> & { points: PointValues[] };
export type LineValues = Omit<Line, "from" | "to"> & { from: PointValues; to: PointValues };
export type RuleKind = Rule["kind"];

/** The fields of all kinds, so that one form serves them; only those of the rule's kind are sent. */
export type RuleValues = Pick<Rule, "id" | "name" | "isEnabled" | "hours" | "kind"> & {
  /** An id, or `WHOLE`. */
  zoneId: string;
  /** An id, or `NO_QUEUE`. */
  queueZoneId: string;
  threshold: Typed;
  atLeast: Typed;
  startAfterS: Typed;
  endAfterS: Typed;
  afterS: Typed;
  labels: string[];
};

export type ZonesFormValues = {
  /** Masks too. */
  zones: ZoneValues[];
  lines: LineValues[];
  rules: RuleValues[];
  picturesPerS: Typed;
  /** In percent; empty: as the model says. */
  personScore: Typed;
  vehicleScore: Typed;
};

/** What a select shows for a null. */
export const WHOLE = "whole";
export const NO_QUEUE = "none";

/** Both spellings that models use. */
const VEHICLES = ["car", "motorbike", "motorcycle", "bus", "truck"];
const PERSON = ["person"];

export function formOf(scene: Omit<CameraZones, "cameraId" | "version">): ZonesFormValues {
  return {
    zones: scene.zones.map((zone) => ({ ...zone, points: zone.points.map(inPercent) })),
    lines: scene.lines.map((line) => ({ ...line, from: inPercent(line.from), to: inPercent(line.to) })),
    rules: scene.rules.map(ruleValuesOf),
    picturesPerS: scene.picturesPerS,
    personScore: commonScore(scene.minScores, PERSON),
    vehicleScore: commonScore(scene.minScores, VEHICLES),
  };
}

/** Hundredths of a percent: a fifth of a pixel of a 1920 pixels wide picture. */
const percent = (fraction: number): number => Math.round(fraction * 10_000) / 100;
const inPercent = ({ x, y }: { x: number; y: number }): PointValues => ({ x: percent(x), y: percent(y) });

/** How long something must be so before it counts, where the contract leaves it to the kind. */
const AFTER_S: Partial<Record<RuleKind, number>> = { idle: 60, restricted_area: 2, missing_person: 30 };

export function newRule(kind: RuleKind, name: string, zoneId = WHOLE): RuleValues {
  return {
    id: v7(),
    name,
    kind,
    isEnabled: true,
    hours: kind === "idle" || kind === "missing_person" ? "shop" : "always",
    zoneId,
    queueZoneId: NO_QUEUE,
    threshold: 3,
    atLeast: 1,
    startAfterS: 3,
    endAfterS: 5,
    afterS: AFTER_S[kind] ?? 2,
    labels: [],
  };
}

export const newZone = (kind: Zone["kind"], name: string, points: PointValues[]): ZoneValues => ({
  id: v7(),
  kind,
  name,
  points,
});

export const newLine = (name: string, ends: Pick<LineValues, "from" | "to">): LineValues => ({
  id: v7(),
  name,
  ...ends,
});

function ruleValuesOf(rule: Rule): RuleValues {
  const own = { ...rule, zoneId: rule.zoneId ?? WHOLE };
  const queueZoneId = (rule.kind === "idle" && rule.queueZoneId) || NO_QUEUE;
  return { ...newRule(rule.kind, rule.name), ...own, queueZoneId };
}

function commonScore(scores: Record<string, number>, labels: string[]): Typed {
  const [first, ...others] = labels.map((label) => scores[label]);
  return first !== undefined && others.every((score) => score === first) ? percent(first) : "";
}

/** The same scene with ids of its own, for another camera. */
export function copyOf(scene: CameraZones): ZonesFormValues {
  const values = formOf(scene);
  const newIds = new Map(values.zones.map(({ id }) => [id, v7()]));
  const renewed = (id: string) => newIds.get(id) ?? id;
  return {
    ...values,
    zones: values.zones.map((zone) => ({ ...zone, id: renewed(zone.id) })),
    lines: values.lines.map((line) => ({ ...line, id: v7() })),
    rules: values.rules.map((rule) => ({
      ...rule,
      id: v7(),
      zoneId: renewed(rule.zoneId),
      queueZoneId: renewed(rule.queueZoneId),
    })),
  };
}

/** `name`, or with a number behind it where it is taken. */
export function freeName(name: string, taken: { name: string }[]): string {
  const names = new Set(taken.map((other) => other.name));
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name} ${number}`;
  return free;
}

/** What is wrong with a field, as the last part of a text's key. */
export type FieldProblem =
  | { key: "nameEmpty" | "nameLong" | "labels" | SceneFault["kind"] }
  | { key: "range"; least: number; most: number };

/** By the field's path in the form: `zones.0.points.1.x`. */
export type FieldProblems = Record<string, FieldProblem>;

export type Checked =
  | { status: "ok"; change: CameraZonesChange }
  | { status: "wrong"; problems: FieldProblems };

/** What is to be sent, or why not. `base` is what the form was filled with. */
export function checkForm(values: ZonesFormValues, base: CameraZones): Checked {
  const parsed = CameraZonesChange.safeParse(candidate(values, base));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, code, origin }: Issue) => {
      const place = path[0] === "minScores" ? [scoreField(String(path[1]))] : path;
      return [place.join("."), problemOf(place, code, origin)];
    });
    return { status: "wrong", problems: Object.fromEntries(problems) };
  }
  const faults = sceneFaults(parsed.data);
  if (faults.length === 0) return { status: "ok", change: parsed.data };
  const problems = faults.map((fault) => [fieldOf(fault, parsed.data), { key: fault.kind }]);
  return { status: "wrong", problems: Object.fromEntries(problems) };
}

type Issue = { path: PropertyKey[]; code?: string; origin?: unknown };

const scoreField = (label: string) => (PERSON.includes(label) ? "personScore" : "vehicleScore");

/** What a field takes, by its name; in the form's own units. */
export const RANGES: Record<string, { least: number; most: number }> = {
  x: { least: 0, most: 100 },
  y: { least: 0, most: 100 },
  threshold: { least: 1, most: 100 },
  atLeast: { least: 1, most: 100 },
  startAfterS: { least: 0, most: 3_600 },
  endAfterS: { least: 0, most: 3_600 },
  afterS: { least: 0, most: 3_600 },
  picturesPerS: { least: 0.1, most: 10 },
  personScore: { least: 5, most: 95 },
  vehicleScore: { least: 5, most: 95 },
};

function problemOf(path: PropertyKey[], code: string | undefined, origin: unknown): FieldProblem {
  const range = RANGES[String(path.at(-1))];
  if (range) return { key: "range", ...range };
  if (path.includes("labels")) return { key: "labels" };
  return { key: code === "too_big" && origin === "string" ? "nameLong" : "nameEmpty" };
}

/** Where the form shows it. */
function fieldOf({ kind, at: [list, index] }: SceneFault, scene: CameraZonesChange): string {
  const rule = list === "rules" ? scene.rules[index] : undefined;
  if (!rule) return `${list}.${index}.${kind === "same_id" ? "name" : "shape"}`;
  const isUsable =
    rule.zoneId === null || scene.zones.some(({ id, kind }) => id === rule.zoneId && kind === "zone");
  return `rules.${index}.${isUsable ? "queueZoneId" : "zoneId"}`;
}

/** Of the contract's form where every field is filled rightly. */
function candidate(values: ZonesFormValues, base: CameraZones): unknown {
  return {
    version: base.version,
    zones: values.zones.map((zone) => ({ ...zone, points: zone.points.map(inFractions) })),
    lines: values.lines.map(({ from, to, ...line }) => ({
      ...line,
      from: inFractions(from),
      to: inFractions(to),
    })),
    rules: values.rules.map(ruleOf),
    picturesPerS: numberOf(values.picturesPerS),
    minScores: scoresOf(values, base),
  };
}

const numberOf = (typed: Typed): number => (typed === "" ? Number.NaN : Number(typed));
export const fractionOf = (typed: Typed): number => Math.round(numberOf(typed) * 100) / 10_000;
const inFractions = ({ x, y }: PointValues) => ({ x: fractionOf(x), y: fractionOf(y) });

function ruleOf(values: RuleValues) {
  const { id, name, isEnabled, hours, kind } = values;
  const zoneId = values.zoneId === WHOLE ? null : values.zoneId;
  const common = { id, name, isEnabled, hours, kind, zoneId };
  const [threshold, atLeast, startAfterS, endAfterS, afterS] = (
    ["threshold", "atLeast", "startAfterS", "endAfterS", "afterS"] as const
  ).map((field) => numberOf(values[field]));
  switch (kind) {
    case "queue":
      return { ...common, threshold, startAfterS, endAfterS };
    case "idle":
      return {
        ...common,
        afterS,
        queueZoneId: values.queueZoneId === NO_QUEUE ? null : values.queueZoneId,
      };
    case "restricted_area":
      return { ...common, afterS };
    case "missing_person":
      return { ...common, atLeast, afterS };
    case "forbidden_object":
      return { ...common, labels: values.labels, afterS };
    case "plate_read":
    case "plate_listed":
    case "plate_unlisted":
      return common;
  }
}

/** A score that this form did not touch stays as it is, also one that it cannot show. */
function scoresOf(values: ZonesFormValues, base: CameraZones): Record<string, number> {
  const before = formOf(base);
  const scores = { ...base.minScores };
  const put = (labels: string[], typed: Typed, known: Typed) => {
    if (typed === known) return;
    for (const label of labels) {
      if (typed === "") delete scores[label];
      else scores[label] = fractionOf(typed);
    }
  };
  put(PERSON, values.personScore, before.personScore);
  put(VEHICLES, values.vehicleScore, before.vehicleScore);
  return scores;
}
