import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import type { Delivered, SendResult, Sink, SinkDeps } from "../sink.ts";
import { createFrigateApi, type FrigateApi } from "./frigate-api.ts";
import { type FrigateWord, frigateWord, type Told } from "./frigate-words.ts";
import { againAfter, type Failed } from "./judge.ts";

const TIMING = {
  timeoutMs: 15_000,
  /** Frigate answers a `create` first and writes it within about two seconds: so long is waited for it at once. */
  writtenWithinMs: 4_000,
  pollMs: 250,
  /** What is not written after this will never be: Frigate was ended before it wrote. */
  lostAfterMs: 30_000,
};
/** `event_ids` lists whole rows, in old versions with their pictures. */
const ANSWER_BYTES = 4_194_304;

/** What is remembered of a happening, under its key. `isWhole`: it was made with its end. */
const Note = z.discriminatedUnion("status", [
  /** About to be asked for; whether it was made is not known. */
  z.object({ status: z.literal("asked"), isWhole: z.boolean(), subLabel: z.string(), atMs: z.number() }),
  /** Answered, and not yet seen in Frigate's list. */
  z.object({ status: z.literal("made"), isWhole: z.boolean(), id: z.string(), atMs: z.number() }),
  z.object({ status: z.literal("written"), isWhole: z.boolean(), id: z.string() }),
  /** Nothing is left to tell; kept, because the batch may come again. */
  z.object({ status: z.literal("over") }),
]);
type Note = z.infer<typeof Note>;
type NoteOf<Status extends Note["status"]> = Extract<Note, { status: Status }>;

/** An event of the batch; `answer` is null until something can be said of it. */
type Item = { event: EventRecord; word: FrigateWord; answer: Delivered | null };
type ToldItem = Item & { word: Told };

/**
 * Happenings as Frigate's manual events, each made once: that it is about to be asked for is noted before the request
 * leaves, and where the answer was lost Frigate is searched for the receipt, until it is there or can no longer come.
 * It counts when Frigate lists it, since Frigate answers before it writes. It starts when Frigate hears of it: no other
 * time can be said.
 */
export function openFrigateSink(deps: SinkDeps<"frigate">, timing = TIMING): Sink {
  const { target, notes, nowMs } = deps;
  const limits = { timeoutMs: timing.timeoutMs, answerBytes: ANSWER_BYTES };

  async function send(events: EventRecord[], signal: AbortSignal): Promise<SendResult> {
    const items = events.map((event): Item => {
      const word = frigateWord(event);
      return { event, word, answer: word.kind === "nothing" ? { outcome: "acknowledged" } : null };
    });
    const told = items.filter((item): item is ToldItem => item.word.kind !== "nothing");
    const api = createFrigateApi(deps, limits, signal);
    const failed =
      (await lookUp(api, told)) ??
      (await createMissing(api, told)) ??
      (await awaitWritten(api, told, signal)) ??
      (await endAll(api, told));
    return resultOf(items, failed);
  }

  async function noteOf(key: string): Promise<Note | null> {
    const text = await notes.get(key);
    return text === null ? null : Note.parse(JSON.parse(text));
  }
  const remember = (key: string, note: Note) => notes.set(key, JSON.stringify(note));

  async function notesThatAre<Status extends Note["status"]>(
    status: Status,
    told: ToldItem[],
  ): Promise<Map<string, NoteOf<Status>>> {
    const found = new Map<string, NoteOf<Status>>();
    for (const { word } of told) {
      const note = await noteOf(word.key);
      if (note?.status === status) found.set(word.key, note as NoteOf<Status>); // its status says so
    }
    return found;
  }

  /** The answer to a `create` was lost: was it made? */
  async function lookUp(api: FrigateApi, told: ToldItem[]): Promise<Failed | null> {
    const asked = await notesThatAre("asked", told);
    if (asked.size === 0) return null;
    const found = await api.find([...asked.values()].map(({ subLabel }) => subLabel));
    if (found.kind !== "said") return found;
    for (const [key, { subLabel, atMs, isWhole }] of asked) {
      const id = found.value.get(subLabel);
      if (id !== undefined) await remember(key, { status: "written", isWhole, id });
      else if (mayStillCome(atMs)) postpone(told, key);
      else await notes.delete(key);
    }
    return null;
  }

  /** A clock that was set back counts like one that went on. */
  const mayStillCome = (atMs: number) => Math.abs(nowMs() - atMs) < timing.lostAfterMs;

  function postpone(told: ToldItem[], key: string): void {
    for (const item of told) {
      if (item.word.key !== key) continue;
      item.answer ??= { outcome: "retry", trouble: { code: "not_written_yet" }, retryAfterMs: 2_000 };
    }
  }

  async function createMissing(api: FrigateApi, told: ToldItem[]): Promise<Failed | null> {
    for (const item of told) {
      if (item.answer || (await noteOf(item.word.key))) continue;
      const failed = await create(api, item);
      if (failed) return failed;
    }
    return null;
  }

  async function create(api: FrigateApi, item: ToldItem): Promise<Failed | null> {
    const { key, kind, cameraId, label, subLabel, score, durationS } = item.word;
    const camera = target.cameras[cameraId] ?? frigateName((await deps.cameraName(cameraId)) ?? cameraId);
    const isWhole = kind !== "start"; // also an end whose start was never told
    await remember(key, { status: "asked", isWhole, subLabel, atMs: nowMs() });
    const made = await api.create(camera, label, { subLabel, score, durationS: isWhole ? durationS : null });
    if (made.kind === "failed") return made;
    if (made.kind === "said" && made.value !== null) {
      await remember(key, { status: "made", isWhole, id: made.value, atMs: nowMs() });
      return null;
    }
    await notes.delete(key);
    item.answer = made.kind === "refused" ? { ...made, outcome: "refused" } : noCamera(camera);
    return null;
  }

  async function awaitWritten(
    api: FrigateApi,
    told: ToldItem[],
    signal: AbortSignal,
  ): Promise<Failed | null> {
    const made = await notesThatAre("made", told);
    for (let waitedMs = 0; made.size > 0; waitedMs += timing.pollMs) {
      const written = await api.written([...made.values()].map(({ id }) => id));
      if (written.kind !== "said") return written;
      for (const [key, { id, isWhole }] of made) {
        if (!written.value.has(id)) continue;
        made.delete(key);
        await remember(key, { status: "written", isWhole, id });
      }
      if (made.size === 0 || waitedMs >= timing.writtenWithinMs) break;
      await wait(timing.pollMs, undefined, { signal }).catch(() => undefined); // stopped: the next request says so
    }
    for (const [key, { atMs }] of made) {
      postpone(told, key);
      if (!mayStillCome(atMs)) await notes.delete(key);
    }
    return null;
  }

  /** What has no answer by now is written. */
  async function endAll(api: FrigateApi, told: ToldItem[]): Promise<Failed | null> {
    for (const item of told) {
      if (item.answer) continue;
      const { key, kind, atMs } = item.word;
      const note = await noteOf(key);
      if (kind === "end" && note?.status === "written" && !note.isWhole) {
        const ended = await api.end(note.id, endTimeS(note.id, atMs)); // false: deleted there, nothing to end
        if (ended.kind === "failed") return ended;
        if (ended.kind === "refused") item.answer = { ...ended, outcome: "refused" };
      }
      if (item.answer) continue;
      item.answer = { outcome: "acknowledged" };
      if (kind !== "start") await remember(key, { status: "over" });
    }
    return null;
  }

  return { send, close: () => Promise.resolve() };
}

function resultOf(items: Item[], failed: Failed | null): SendResult {
  if (failed && items.every(({ answer }) => answer === null)) return failed;
  const again = againAfter(failed ?? { kind: "failed", trouble: { code: "said_nothing" } });
  return { kind: "each", answers: items.map(({ answer }) => answer ?? again) };
}

/** The others go on meanwhile; this one is parked until a person names the camera, and is then sent again. */
function noCamera(camera: string): Delivered {
  return {
    outcome: "refused",
    code: "unknown_camera",
    trouble: { code: "no_such_camera", detail: camera },
    request: "",
    answer: "HTTP 404",
  };
}

/** As Frigate names cameras: letters of ASCII, digits, `_` and `-`. */
export function frigateName(name: string): string {
  const ascii = name.normalize("NFD").replaceAll(/\p{Mark}/gu, "");
  return ascii
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** Frigate takes no end before the start, which stands in the id; its clock, or a late delivery, may have it so. */
function endTimeS(id: string, endedAtMs: number): number {
  const startS = Number.parseFloat(id);
  return Number.isNaN(startS) ? endedAtMs / 1_000 : Math.max(endedAtMs / 1_000, startS);
}
