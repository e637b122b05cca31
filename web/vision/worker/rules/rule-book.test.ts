import { expect, test } from "vitest";
import { type Shop, Shop as ShopSchema } from "#contract/zones.ts";
import type { Place, Stay } from "./presence.ts";
import { endRules, observeRules, passRules, type RuleBook, resumeRules, type Word } from "./rule-book.ts";
import { aZone, corner, sceneOf, zonesOf } from "./scene.memory.ts";
import { createScene, PICTURE, type Scene } from "./scene.ts";

const QUEUE = sceneOf({}, 3);
const box = { left: 0.1, top: 0.1, width: 0.1, height: 0.3 };

const places = (areaId: string, count: number, label = "person", firstId = 1): Place[] =>
  Array.from({ length: count }, (_, index) => ({
    trackId: firstId + index,
    label,
    firstSeenAtMs: 0,
    lastSeenAtMs: 0,
    missedLooks: 0,
    isSteady: true,
    atEdge: false,
    inside: { [areaId]: { enteredAtMs: 0, lastAtMs: 0 } },
  }));

/** A camera under rules, and all that was told of it. */
function book(scene: Scene, shop: Shop | null = null) {
  let known: RuleBook = {};
  const words: Word[] = [];
  const take = (step: { book: RuleBook; words: Word[] }) => {
    known = step.book;
    words.push(...step.words);
  };
  function look(atS: number, there: Place[], stays: Stay[] = [], seenAs: Scene = scene) {
    const objects = there.map(({ trackId, label }) => ({ trackId, label, score: 0.9, box }));
    take(observeRules(known, { atMs: atS * 1_000, places: there, stays, objects }, { scene: seenAs, shop }));
  }
  return {
    words,
    look,
    told: () => words.map(({ state, reason }) => (reason ? `${state} ${reason}` : state)),
    state: () => known,
    /** One look a second with so many people in the whole picture. */
    people(counts: number[], fromS = 0) {
      for (const [index, count] of counts.entries()) look(fromS + index, places(PICTURE, count));
    },
    pass: (atS: number, seenAs: Scene = scene) =>
      take(passRules(known, atS * 1_000, { scene: seenAs, shop })),
    end: () => take(endRules(known, "station_stopped")),
    resume(atS: number) {
      known = resumeRules(known, atS * 1_000);
    },
  };
}
const left = (count: number): Stay[] =>
  Array.from({ length: count }, () => ({ areaId: PICTURE, label: "person", durationMs: 1 }));

test("enough people for three seconds start a queue, too few for five end it", () => {
  const { people, words } = book(QUEUE);
  people([3, 3, 4, 5, 5, 2, 2, 2, 2, 2, 1, 0]);
  expect(words).toEqual([
    {
      about: { kind: "queue", ruleId: null, name: "", zoneId: null },
      state: "started",
      atMs: 3_000,
      startedAtMs: 0,
      durationMs: 3_000,
      queue: { length: 5, maxLength: 5, waitEstimateMs: null },
    },
    expect.objectContaining({
      state: "ended",
      atMs: 10_000,
      durationMs: 5_000,
      queue: { length: 1, maxLength: 5, waitEstimateMs: null },
    }),
  ]);
});

test("a change of length is told at most every half minute", () => {
  const { people, words } = book(QUEUE);
  people(Array.from({ length: 75 }, (_, s) => (s < 4 ? 3 : 4 + (s % 2))));
  expect(words.filter(({ state }) => state === "updated").map(({ atMs }) => atMs)).toEqual([33_000, 64_000]);
});

test("the wait is estimated from those who left", () => {
  const { people, look, words } = book(QUEUE);
  people([4, 4, 4, 4]);
  look(8, places(PICTURE, 4), left(2));
  look(35, places(PICTURE, 5), left(1));
  // three left in 35 s, five are there
  expect(words.at(-1)?.queue?.waitEstimateMs).toBeCloseTo((5 * 35_000) / 3);
});

test("several queue rules of a camera run beside each other", () => {
  const [till, bakery] = [aZone(corner(0.5, 1)), aZone(corner(1, 0.5))];
  const scene = sceneOf({
    zones: [till, bakery],
    rules: [till, bakery].map((zone) => ({ kind: "queue" as const, zoneId: zone.id, threshold: 2 })),
  });
  const { look, words } = book(scene);
  for (let s = 0; s < 5; s += 1) look(s, [...places(till.id, 2), ...places(bakery.id, 2)]);
  for (let s = 5; s < 12; s += 1) look(s, places(till.id, 3));
  expect(words.map(({ about, state }) => [about.zoneId, state])).toEqual([
    [till.id, "started"],
    [bakery.id, "started"],
    [bakery.id, "ended"],
  ]);
});

test("an empty place is told when it has been empty for long enough, and when somebody is back", () => {
  const counter = aZone(corner(0.5, 1));
  const scene = sceneOf({ zones: [counter], rules: [{ kind: "idle", zoneId: counter.id, afterS: 10 }] });
  const { look, words } = book(scene);
  for (let s = 0; s <= 20; s += 1) look(s, []);
  for (let s = 21; s <= 25; s += 1) look(s, places(counter.id, 1));
  expect(words.map(({ state, startedAtMs, durationMs }) => [state, startedAtMs, durationMs])).toEqual([
    ["started", 0, 10_000],
    ["ended", 0, 21_000],
  ]);
});

test("an empty counter with a queue zone matters only while somebody waits there", () => {
  const [counter, waiting] = [aZone(corner(0.5, 1)), aZone(corner(1, 0.5))];
  const scene = sceneOf({
    zones: [counter, waiting],
    rules: [{ kind: "idle", zoneId: counter.id, afterS: 5, queueZoneId: waiting.id }],
  });
  const { look, words } = book(scene);
  for (let s = 0; s < 30; s += 1) look(s, []);
  expect(words).toEqual([]);
  for (let s = 30; s < 40; s += 1) look(s, places(waiting.id, 1));
  for (let s = 40; s < 50; s += 1) look(s, []);
  expect(words.map(({ state, startedAtMs }) => [state, startedAtMs])).toEqual([
    ["started", 30_000],
    ["ended", 30_000],
  ]);
});

test("a restricted area, a person missing and an object forbidden are told, with the boxes of those there", () => {
  const scene = sceneOf({
    rules: [
      { kind: "restricted_area", name: "Estoque" },
      { kind: "missing_person", atLeast: 2, afterS: 4 },
      { kind: "forbidden_object", labels: ["dog"] },
    ],
  });
  const { look, words } = book(scene);
  for (let s = 0; s < 6; s += 1) look(s, [...places(PICTURE, 1), ...places(PICTURE, 1, "dog", 2)]);
  expect(words.map(({ about, state, atMs, boxes }) => [about.kind, state, atMs, boxes?.length])).toEqual([
    ["restricted_area", "started", 2_000, 1],
    ["forbidden_object", "started", 2_000, 1],
    ["missing_person", "started", 4_000, 1],
  ]);
});

test("outside of opening hours nothing is told, and what runs is closed", () => {
  const shop = ShopSchema.parse({
    version: 1,
    timeZone: "UTC",
    hours: [{ days: [4], from: "00:00", until: "00:01" }],
  });
  // 1970-01-01 was a Thursday
  const { look, pass, told } = book(sceneOf({ rules: [{ kind: "restricted_area", hours: "shop" }] }), shop);
  for (let s = 50; s < 59; s += 1) look(s, places(PICTURE, 1));
  expect(told()).toEqual(["started"]);
  pass(60);
  for (let s = 61; s < 70; s += 1) look(s, places(PICTURE, 1));
  expect(told()).toEqual(["started", "ended closed"]);
});

test("a rule that is changed or taken away while it runs is ended, and a changed one begins anew", () => {
  const zones = zonesOf({ rules: [{ kind: "restricted_area" }] });
  const [rule] = zones.rules;
  if (rule?.kind !== "restricted_area") throw new Error("the rule above");
  const before = createScene({ queueThreshold: 9, zones });
  const changed = createScene({ queueThreshold: 9, zones: { ...zones, rules: [{ ...rule, afterS: 1 }] } });
  const removed = createScene({ queueThreshold: 9, zones: { ...zones, rules: [] } });
  const { look, pass, told } = book(before);
  for (let s = 0; s < 4; s += 1) look(s, places(PICTURE, 1));
  for (let s = 4; s < 7; s += 1) look(s, places(PICTURE, 1), [], changed);
  pass(7, removed);
  expect(told()).toEqual(["started", "ended rule_changed", "started", "ended rule_changed"]);
});

test("a new name ends nothing, and is told from then on", () => {
  const zones = zonesOf({ rules: [{ kind: "restricted_area", name: "Estoque" }] });
  const { look, words, told } = book(createScene({ queueThreshold: 9, zones }));
  for (let s = 0; s < 4; s += 1) look(s, places(PICTURE, 1));
  const rules = zones.rules.map((rule) => ({ ...rule, name: "Depósito" }));
  const renamed = createScene({ queueThreshold: 9, zones: { ...zones, rules } });
  for (let s = 4; s < 12; s += 1) look(s, [], [], renamed);
  expect(told()).toEqual(["started", "ended"]);
  expect(words.at(-1)?.about.name).toBe("Depósito");
});

test("what runs under a rule goes on while the rules are not known yet after a reload", () => {
  const scene = sceneOf({ rules: [{ kind: "restricted_area" }] });
  const { look, resume, told } = book(scene);
  for (let s = 0; s < 4; s += 1) look(s, places(PICTURE, 1));
  resume(60);
  look(61, places(PICTURE, 1), [], createScene({ queueThreshold: 9, zones: null }));
  look(62, places(PICTURE, 1));
  expect(told()).toEqual(["started"]);
});

test("what runs is ended when nobody looks any more", () => {
  const { people, end, told, state } = book(QUEUE);
  people([3, 3, 3, 3]);
  end();
  expect(told()).toEqual(["started", "ended station_stopped"]);
  expect(state()).toEqual({});
});
