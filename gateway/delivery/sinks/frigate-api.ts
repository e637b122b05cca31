import { z } from "zod";
import type { TargetOf } from "#contract/sinks.ts";
import type { SinkDeps } from "../sink.ts";
import { type ExchangeLimits, exchange } from "./exchange.ts";
import {
  type Answered,
  type Failed,
  failedAnswer,
  judgeStatus,
  type Refused,
  refusedAnswer,
  requestText,
  tryJson,
} from "./judge.ts";

export type Said<Value> = { kind: "said"; value: Value } | Failed;

/** Of Frigate 0.14 to 0.18. All times are its own clock's, in seconds. */
export type FrigateApi = {
  /** Null: it has no camera of that name. It answers before it has written the event. */
  create(camera: string, label: string, event: NewEvent): Promise<Said<string | null> | Refused>;
  /** False: it has no such event, or not yet. */
  end(id: string, endTimeS: number): Promise<Said<boolean> | Refused>;
  /** The ids of the written events with these sub labels. */
  find(subLabels: string[]): Promise<Said<Map<string, string>>>;
  /** Which of these are written. */
  written(ids: string[]): Promise<Said<Set<string>>>;
};
export type NewEvent = { subLabel: string; score: number; durationS: number | null };

/** Of one search: Frigate makes three clauses of each sub label, and SQLite nests at most 1,000. */
const AT_ONCE = 25;

const Made = z.object({ event_id: z.string().min(1) });
const Denied = z.object({ success: z.literal(false) });
const Listed = z.array(z.object({ id: z.string(), sub_label: z.string().nullish().catch(null) }));
type Listed = z.infer<typeof Listed>;

const NOT_FRIGATE: Failed = { kind: "failed", trouble: { code: "not_frigate" } };

type ApiDeps = Pick<SinkDeps<"frigate">, "secrets" | "nowMs"> & { target: TargetOf<"frigate"> };

export function createFrigateApi(
  { target, secrets, nowMs }: ApiDeps,
  limits: Omit<ExchangeLimits, "signal">,
  signal: AbortSignal,
): FrigateApi {
  const base = new URL(target.url);
  const headers = {
    "content-type": "application/json",
    ...(secrets.authorization !== undefined && { authorization: secrets.authorization }),
  };

  async function ask(
    method: "GET" | "POST" | "PUT",
    path: string[],
    content: { query?: Record<string, string>; body?: string },
  ): Promise<{ kind: "answered"; answer: Answered; otherwise(): Failed | Refused } | Failed> {
    const url = new URL(base);
    const segments = ["api", ...path].map(encodeURIComponent).join("/");
    url.pathname = `${base.pathname.replace(/\/+$/, "")}/${segments}`;
    for (const [name, value] of Object.entries(content.query ?? {})) url.searchParams.set(name, value);
    const { body } = content;
    const answer = await exchange(
      { method, url, headers, ...(body !== undefined && { body }) },
      { ...limits, signal },
    );
    if (answer.status === "unanswered") return { kind: "failed", trouble: answer.trouble };
    const otherwise = (): Failed | Refused => {
      if (judgeStatus(answer.httpStatus) !== "refused") return failedAnswer(answer, nowMs());
      return refusedAnswer(answer, requestText(method, url, body ?? ""));
    };
    return { kind: "answered", answer, otherwise };
  }

  async function list(path: string, query: Record<string, string>): Promise<Said<Listed>> {
    const asked = await ask("GET", [path], { query });
    if (asked.kind !== "answered") return asked;
    // a list that is refused is no event's fault
    if (!isTaken(asked.answer)) return failedAnswer(asked.answer, nowMs());
    const listed = tryJson(Listed, asked.answer.text);
    return listed ? said(listed) : NOT_FRIGATE;
  }

  async function listAll(
    texts: string[],
    listSome: (some: string[]) => Promise<Said<Listed>>,
  ): Promise<Said<Listed>> {
    const all: Listed = [];
    for (let at = 0; at < texts.length; at += AT_ONCE) {
      const some = await listSome(texts.slice(at, at + AT_ONCE));
      if (some.kind !== "said") return some;
      all.push(...some.value);
    }
    return said(all);
  }

  return {
    create: async (camera, label, { subLabel, score, durationS }) => {
      const body = JSON.stringify({
        source_type: "api",
        sub_label: subLabel,
        score,
        duration: durationS,
        include_recording: true,
      });
      const asked = await ask("POST", ["events", camera, label, "create"], { body });
      if (asked.kind !== "answered") return asked;
      if (isNotThere(asked.answer)) return said(null);
      if (!isTaken(asked.answer)) return asked.otherwise();
      const made = tryJson(Made, asked.answer.text);
      return made ? said(made.event_id) : NOT_FRIGATE;
    },
    end: async (id, endTimeS) => {
      const asked = await ask("PUT", ["events", id, "end"], { body: JSON.stringify({ end_time: endTimeS }) });
      if (asked.kind !== "answered") return asked;
      if (isNotThere(asked.answer)) return said(false);
      return isTaken(asked.answer) ? said(true) : asked.otherwise();
    },
    find: async (subLabels) => {
      const listed = await listAll(subLabels, (some) =>
        list("events", { sub_labels: some.join(","), limit: String(10 * AT_ONCE), include_thumbnails: "0" }),
      );
      if (listed.kind !== "said") return listed;
      return said(new Map(listed.value.map(({ sub_label, id }) => [sub_label ?? "", id])));
    },
    written: async (ids) => {
      const listed = await listAll(ids, (some) => list("event_ids", { ids: some.join(",") }));
      return listed.kind === "said" ? said(new Set(listed.value.map(({ id }) => id))) : listed;
    },
  };
}

const said = <Value>(value: Value): Said<Value> => ({ kind: "said", value });
const isTaken = ({ httpStatus }: Answered): boolean => judgeStatus(httpStatus) === "taken";

/** Frigate's own 404 has a word of its own; that of a wrong address has not. */
const isNotThere = ({ httpStatus, text }: Answered): boolean =>
  httpStatus === 404 && tryJson(Denied, text) !== null;
