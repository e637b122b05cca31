import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import { supabaseColumns } from "#contract/sinks.ts";
import type { SendResult, Sink, SinkDeps } from "../sink.ts";
import { exchange } from "./exchange.ts";
import {
  type Answered,
  answerText,
  failedAnswer,
  judgeStatus,
  refusedAnswer,
  requestText,
  saidText,
  tryJson,
} from "./judge.ts";

const LIMITS = { timeoutMs: 15_000, answerBytes: 65_536 };

/** What PostgREST says of its own errors and of PostgreSQL's, whose SQLSTATE is then the code. */
const PostgrestError = z.object({ code: z.string(), message: z.string() });

/**
 * Codes that blame a row: a value that its type cannot hold (22), a constraint (23, and 44 of a view), too large for an
 * index (54), a trigger that raised (P0001), a body that is not taken (PGRST102). 23505 is among them: a receipt that is
 * there already raises none, because the conflict on it is ignored, so it is another unique index of the table.
 *
 * Any other code is a matter of setup and heals for all events at once, when a person corrects it: no such table (42P01,
 * PGRST205) or column (42703, PGRST204), schema not exposed (PGRST106), receipts not unique (42P10), no right (42501),
 * key refused (PGRST301). Or of the database's state (08, 40, 53, 55, 57), and heals by itself.
 */
const BLAMES_ROW = /^(22...|23...|44...|54...|P0001|PGRST102)$/;

/** Inserts by PostgREST; a receipt that is there already stays as it is. */
export function openSupabaseSink(deps: SinkDeps<"supabase">, limits = LIMITS): Sink {
  const { target, secrets, nowMs } = deps;
  const sent = Object.entries(supabaseColumns(target.columns)) as [keyof EventRecord, string][]; // its keys are fields
  const url = tableUrl(target.url, target.table, target.columns.receipt_id ?? "receipt_id");
  const headers = {
    "content-type": "application/json",
    "content-profile": target.schema,
    prefer: "resolution=ignore-duplicates,return=minimal",
    ...(secrets.key !== undefined && { apikey: secrets.key, authorization: `Bearer ${secrets.key}` }),
  };

  /** Every row has every column: PostgREST takes no rows whose keys differ. */
  const rowOf = (event: EventRecord) =>
    Object.fromEntries(sent.map(([field, column]) => [column, event[field] ?? null]));

  async function send(events: EventRecord[], signal: AbortSignal): Promise<SendResult> {
    const body = JSON.stringify(events.map(rowOf));
    const answer = await exchange({ method: "POST", url, headers, body }, { ...limits, signal });
    if (answer.status === "unanswered") return { kind: "failed", trouble: answer.trouble };
    if (judgeStatus(answer.httpStatus) === "taken") {
      return { kind: "each", answers: events.map(() => ({ outcome: "acknowledged" })) };
    }
    const request = requestText("POST", url, body);
    const error = tryJson(PostgrestError, answer.text);
    if (!error && answer.httpStatus === 413) return refusedAnswer(answer, request);
    if (!error) return failedAnswer(answer, nowMs());
    const { code, message } = error;
    if (!BLAMES_ROW.test(code)) {
      const said = { ...answer, text: `${code} ${message}` };
      return failedAnswer(said, nowMs(), isAboutTable(answer) ? "table_unfit" : undefined);
    }
    const trouble = { code: "refused" as const, detail: saidText(message) };
    return { kind: "refused", code, trouble, request, answer: answerText(answer) };
  }

  return { send, close: () => Promise.resolve() }; // each request stands alone
}

/** Of errors that blame no row: neither the key, nor a database that is busy or broken. */
const isAboutTable = ({ httpStatus }: Answered): boolean =>
  httpStatus < 500 && httpStatus !== 401 && httpStatus !== 403;

/** The address of a project, or of a PostgREST that stands elsewhere, with its path. */
function tableUrl(base: string, table: string, receiptColumn: string): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = `${path.endsWith("/rest/v1") ? path : `${path}/rest/v1`}/${encodeURIComponent(table)}`;
  const isPlain = /^\w+$/.test(receiptColumn);
  url.searchParams.set("on_conflict", isPlain ? receiptColumn : `"${receiptColumn.replaceAll('"', '\\"')}"`);
  return url;
}
