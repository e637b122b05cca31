import { z } from "zod";
import { BUILT_IN_QUEUE } from "#contract/happenings.ts";
import type { Line, Rule, Zone } from "#contract/zones.ts";
import type { WatchedCamera } from "../../station.protocol.ts";
import type { Point } from "./geometry.ts";
import type { Delays } from "./happening.ts";

/** The area that is the whole picture. */
export const PICTURE = "picture";

const BUILT_IN_QUEUE_DELAYS: Delays = { startAfterMs: 3_000, endAfterMs: 5_000 };

/** Rules that have no time of their own to end by: as long as a person may be overlooked. */
const END_AFTER_MS = 3_000;

/** What of a rule its events tell; kept with what runs, because the rule may be gone by then. */
export const RuleAbout = z.object({
  kind: z.enum(["queue", "idle", "restricted_area", "missing_person", "forbidden_object"]),
  /** Null: the built-in queue. */
  ruleId: z.string().nullable(),
  name: z.string(),
  zoneId: z.string().nullable(),
});
export type RuleAbout = z.infer<typeof RuleAbout>;

/** Areas are named by their zone, `PICTURE` is all of it. */
export type Condition =
  | { kind: "people_at_least"; areaId: string; count: number }
  | { kind: "people_fewer"; areaId: string; count: number; waitingAreaId: string | null }
  | { kind: "labels"; areaId: string; labels: ReadonlySet<string> };

/** A rule made ready: what must be so, for how long. */
export type WatchedRule = {
  /** The rule's id, or `BUILT_IN_QUEUE`. */
  key: string;
  about: RuleAbout;
  condition: Condition;
  delays: Delays;
  inOpeningHours: boolean;
  /** What runs under another one has ended: the rule means something else now. */
  fingerprint: string;
};

export type PlateRule = Extract<Rule, { kind: "plate_read" | "plate_listed" | "plate_unlisted" }>;
export type Area = { id: string /** Null: the whole picture. */; points: readonly Point[] | null };

/** All that is drawn and asked of a camera, made ready for looking at its pictures. */
export type Scene = {
  /** False while nothing is known of the camera's zones: rules that run are not over because of that. */
  isKnown: boolean;
  areas: Area[];
  masks: (readonly Point[])[];
  lines: Line[];
  rules: WatchedRule[];
  plateRules: PlateRule[];
  /** Least score by class; what is not named has the model's own. */
  minScores: Record<string, number>;
  /** Classes beyond people and vehicles that a rule asks for. */
  askedLabels: string[];
};

/** Reads what is stored with the camera; a rule whose zone is not there cannot hold and is left out. */
export function createScene(camera: Pick<WatchedCamera, "zones" | "queueThreshold">): Scene {
  const stored = camera.zones;
  const zones = stored?.zones.filter(({ kind }) => kind === "zone") ?? [];
  const areas: Area[] = [{ id: PICTURE, points: null }, ...zones.map(({ id, points }) => ({ id, points }))];
  const enabled = stored?.rules.filter((rule) => rule.isEnabled && hasItsZones(rule, zones)) ?? [];
  const rules = enabled.flatMap((rule) => watchedRule(rule, zones) ?? []);
  const hasQueueRule = stored?.rules.some((rule) => rule.isEnabled && rule.kind === "queue") ?? false;
  return {
    isKnown: stored !== null,
    areas,
    masks: stored?.zones.filter(({ kind }) => kind === "mask").map(({ points }) => points) ?? [],
    lines: stored?.lines ?? [],
    rules: hasQueueRule ? rules : [builtInQueue(camera.queueThreshold), ...rules],
    plateRules: enabled.filter(isPlateRule),
    minScores: stored?.minScores ?? {},
    askedLabels: [
      ...new Set(enabled.flatMap((rule) => (rule.kind === "forbidden_object" ? rule.labels : []))),
    ],
  };
}

const isPlateRule = (rule: Rule): rule is PlateRule => rule.kind.startsWith("plate_");

function hasItsZones(rule: Rule, zones: Zone[]): boolean {
  const named = [rule.zoneId, rule.kind === "idle" ? rule.queueZoneId : null];
  return named.every((id) => id === null || zones.some((zone) => zone.id === id));
}

const builtInQueue = (threshold: number): WatchedRule => ({
  key: BUILT_IN_QUEUE,
  about: { kind: "queue", ruleId: null, name: "", zoneId: null },
  condition: { kind: "people_at_least", areaId: PICTURE, count: threshold },
  delays: BUILT_IN_QUEUE_DELAYS,
  inOpeningHours: false,
  // Another threshold is another measure of the same queue.
  fingerprint: BUILT_IN_QUEUE,
});

/** Null for a rule about plates, which no track fulfils. */
function watchedRule(rule: Rule, zones: Zone[]): WatchedRule | null {
  if (isPlateRule(rule)) return null;
  const { isEnabled: _, name: __, ...meaning } = rule;
  const drawn = zones.filter(
    ({ id }) => id === rule.zoneId || (rule.kind === "idle" && id === rule.queueZoneId),
  );
  return {
    key: rule.id,
    about: { kind: rule.kind, ruleId: rule.id, name: rule.name, zoneId: rule.zoneId },
    condition: conditionOf(rule),
    delays: delaysOf(rule),
    inOpeningHours: rule.hours === "shop",
    fingerprint: JSON.stringify([meaning, drawn.map(({ points }) => points)]),
  };
}

function conditionOf(rule: Exclude<Rule, PlateRule>): Condition {
  const areaId = rule.zoneId ?? PICTURE;
  switch (rule.kind) {
    case "queue":
      return { kind: "people_at_least", areaId, count: rule.threshold };
    case "restricted_area":
      return { kind: "people_at_least", areaId, count: 1 };
    case "idle":
      return { kind: "people_fewer", areaId, count: 1, waitingAreaId: rule.queueZoneId };
    case "missing_person":
      return { kind: "people_fewer", areaId, count: rule.atLeast, waitingAreaId: null };
    case "forbidden_object":
      return { kind: "labels", areaId, labels: new Set(rule.labels) };
  }
}

function delaysOf(rule: Exclude<Rule, PlateRule>): Delays {
  if (rule.kind === "queue") {
    return { startAfterMs: rule.startAfterS * 1_000, endAfterMs: rule.endAfterS * 1_000 };
  }
  return { startAfterMs: rule.afterS * 1_000, endAfterMs: END_AFTER_MS };
}
