import { z } from "zod";
import type { FractionBox } from "#contract/payloads.ts";
import type { Shop } from "#contract/zones.ts";
import type { SeenObject } from "../../station.ts";
import { boxesOf, lengthOf, signalOf } from "./condition.ts";
import {
  CALM,
  type EndReason,
  endHappening,
  HappeningState,
  type HappeningStep,
  observeHappening,
  resumeHappening,
  watchSilence,
} from "./happening.ts";
import { isOpen } from "./opening-hours.ts";
import type { Place, Stay } from "./presence.ts";
import { countOn, firstNumbers, isUpdateDue, QueueNumbers, waitEstimateMs } from "./queue-numbers.ts";
import { RuleAbout, type Scene, type WatchedRule } from "./scene.ts";

/** What is known of each rule of a camera, by the rule's key. Plain data, so that it can be kept across a reload. */
export const RuleBook = z.record(
  z.string(),
  z.object({
    about: RuleAbout,
    fingerprint: z.string(),
    happening: HappeningState,
    /** Of a queue that runs. */
    queue: QueueNumbers.nullable(),
  }),
);
export type RuleBook = z.infer<typeof RuleBook>;
type Entry = RuleBook[string];

/** One thing to be told. */
export type Word = {
  about: RuleAbout;
  state: "started" | "updated" | "ended";
  atMs: number;
  startedAtMs: number;
  durationMs: number;
  reason?: EndReason;
  queue?: { length: number; maxLength: number; waitEstimateMs: number | null };
  /** What made it so, when it started. */
  boxes?: FractionBox[];
};

type BookStep = { book: RuleBook; words: Word[] };
type Rules = { scene: Pick<Scene, "rules" | "isKnown">; shop: Shop | null };
/** `objects` are those that count, `stays` those that ended with this look. */
type Look = {
  atMs: number;
  places: readonly Place[];
  stays: readonly Stay[];
  objects: readonly SeenObject[];
};

/** One look further, for all rules of a camera. */
export function observeRules(before: RuleBook, look: Look, { scene, shop }: Rules): BookStep {
  return eachRule(before, scene, look.atMs, (rule, entry) =>
    mayRun(rule, shop, look.atMs) ? observeRule(rule, entry, look) : ending(entry, "closed"),
  );
}

/** Time passes without a picture: what was changed, closed or is silent for too long ends. */
export function passRules(before: RuleBook, nowMs: number, { scene, shop }: Rules): BookStep {
  return eachRule(before, scene, nowMs, (rule, entry) =>
    mayRun(rule, shop, nowMs) ? silent(entry, nowMs) : ending(entry, "closed"),
  );
}

/** Nobody looks any more: whatever runs ends. */
export function endRules(before: RuleBook, reason: EndReason): BookStep {
  return { book: {}, words: Object.values(before).flatMap((entry) => ending(entry, reason).words) };
}

/** Goes on after a pause in which the station was away, not the camera. */
export const resumeRules = (before: RuleBook, atMs: number): RuleBook =>
  Object.fromEntries(
    Object.entries(before).map(([key, entry]) => [
      key,
      { ...entry, happening: resumeHappening(entry.happening, atMs) },
    ]),
  );

const mayRun = ({ inOpeningHours }: WatchedRule, shop: Shop | null, atMs: number): boolean =>
  !inOpeningHours || isOpen(shop, atMs);

type EntryStep = { entry: Entry; words: Word[] };

/** Ends what belongs to rules that are gone or mean something else now, then takes each rule a step further. */
function eachRule(
  before: RuleBook,
  { rules, isKnown }: Rules["scene"],
  atMs: number,
  step: (rule: WatchedRule, entry: Entry) => EntryStep,
): BookStep {
  const words: Word[] = [];
  const book: RuleBook = {};
  const current = new Map(rules.map((rule) => [rule.key, rule]));
  for (const [key, entry] of Object.entries(before)) {
    if (current.get(key)?.fingerprint === entry.fingerprint) continue;
    const isUnknown = !isKnown && !current.has(key);
    const stepped = isUnknown ? silent(entry, atMs) : ending(entry, "rule_changed");
    words.push(...stepped.words);
    if (isUnknown) book[key] = stepped.entry;
  }
  for (const rule of rules) {
    const known = before[rule.key];
    const isSame = known?.fingerprint === rule.fingerprint;
    const stepped = step(rule, isSame ? { ...known, about: rule.about } : newEntry(rule));
    words.push(...stepped.words);
    book[rule.key] = stepped.entry;
  }
  return { book, words };
}

const newEntry = ({ about, fingerprint }: WatchedRule): Entry => ({
  about,
  fingerprint,
  happening: CALM,
  queue: null,
});

const silent = (entry: Entry, nowMs: number): EntryStep =>
  tell(entry, watchSilence(entry.happening, nowMs), null);

const ending = (entry: Entry, reason: EndReason): EntryStep =>
  tell(entry, endHappening(entry.happening, reason), null);

function observeRule({ condition, delays }: WatchedRule, entry: Entry, look: Look): EntryStep {
  const signal = signalOf(condition, look.places, look.atMs);
  const step = observeHappening(entry.happening, { atMs: look.atMs, signal }, delays);
  const { kind } = entry.about;
  if (kind === "queue") {
    const length = lengthOf(condition, look.places, look.atMs);
    const left = look.stays.filter(
      ({ areaId, label }) => areaId === condition.areaId && label === "person",
    ).length;
    return tell(entry, step, { queue: { length, left } });
  }
  return tell(entry, step, kind === "idle" ? {} : { boxes: boxesOf(condition, look.places, look.objects) });
}

/** What this look adds; null where there was none. */
type Seen = { queue?: { length: number; left: number }; boxes?: FractionBox[] };

function tell(before: Entry, step: HappeningStep, seen: Seen | null): EntryStep {
  let entry: Entry = { ...before, happening: step.state };
  const words: Word[] = [];
  for (const turn of step.turns) {
    if (turn.kind === "started") {
      const queue = seen?.queue ? firstNumbers(seen.queue.length, turn.atMs) : null;
      entry = { ...entry, queue };
      const boxes = seen?.boxes && seen.boxes.length > 0 ? { boxes: seen.boxes } : {};
      words.push({ ...wordOf(entry, "started", turn, turn.atMs), ...boxes });
      continue;
    }
    // With a reason it ended at an earlier picture, of which all is counted.
    if (!turn.reason) entry = counted(entry, seen);
    const reason = turn.reason ? { reason: turn.reason } : {};
    words.push({ ...wordOf(entry, "ended", turn, turn.untilAtMs), ...reason });
    entry = { ...entry, queue: null };
  }
  if (step.turns.length > 0 || !seen) return { entry, words };
  return withUpdate(counted(entry, seen));
}

const counted = (entry: Entry, seen: Seen | null): Entry =>
  entry.queue && seen?.queue ? { ...entry, queue: countOn(entry.queue, seen.queue) } : entry;

function withUpdate(entry: Entry): EntryStep {
  const { happening, queue } = entry;
  if (happening.kind !== "running" || !queue || happening.offSinceAtMs !== null) return { entry, words: [] };
  const { lastAtMs: atMs, startedAtMs } = happening;
  if (!isUpdateDue(queue, atMs)) return { entry, words: [] };
  const told = { ...entry, queue: { ...queue, toldLength: queue.length, toldAtMs: atMs } };
  return { entry: told, words: [wordOf(told, "updated", { atMs, startedAtMs }, atMs)] };
}

function wordOf(
  { about, queue }: Entry,
  state: Word["state"],
  { atMs, startedAtMs }: { atMs: number; startedAtMs: number },
  untilAtMs: number,
): Word {
  const durationMs = untilAtMs - startedAtMs;
  return {
    about,
    state,
    atMs,
    startedAtMs,
    durationMs,
    ...(queue && {
      queue: {
        length: queue.length,
        maxLength: queue.maxLength,
        waitEstimateMs: waitEstimateMs(queue, durationMs),
      },
    }),
  };
}
