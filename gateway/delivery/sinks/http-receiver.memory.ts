import { createHmac, timingSafeEqual } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { BatchAnswer, EventRecord } from "#contract/events.ts";
import { type Asked, type FaultyServer, type Reply, startFaultyServer } from "./faulty-server.memory.ts";
import { SIGNATURE_HEADER } from "./signature.ts";

export type HttpReceiverOptions = {
  /** Where set, a request that is not signed with it, or not of this time, answers 401. */
  hmacKey?: string;
  /** Answers per receipt, as another gateway does. */
  isHub?: boolean;
  /** Why it will not take an event: then a plain one answers 400 to the batch, a hub refuses that event. */
  refuses?: (event: EventRecord) => string | null;
  nowMs?: () => number;
};

export type HttpReceiver = FaultyServer & {
  /** What it has, each receipt once, in the order of arrival. Outlives `kill`. */
  stored: ReadonlyMap<string, EventRecord>;
  /** `repeated`: receipts that came again and were not stored again. */
  counts(): { requests: number; repeated: number; unsigned: number };
  /** The newest request that reached it. */
  last(): Asked | null;
};

/** A receiver of the `http` sink that keeps each receipt once: what it has is what was delivered. */
export async function startHttpReceiver(options: HttpReceiverOptions = {}): Promise<HttpReceiver> {
  const { hmacKey, isHub = false, refuses = () => null, nowMs = Date.now } = options;
  const stored = new Map<string, EventRecord>();
  const counts = { requests: 0, repeated: 0, unsigned: 0 };
  let last: Asked | null = null;

  function handle(asked: Asked): Reply {
    last = asked;
    counts.requests += 1;
    const body = asked.headers["content-encoding"] === "gzip" ? gunzipSync(asked.body) : asked.body;
    const signature = String(asked.headers[SIGNATURE_HEADER] ?? "");
    if (hmacKey !== undefined && !isSigned(signature, body.toString(), hmacKey, nowMs())) {
      counts.unsigned += 1;
      return { status: 401, body: '{"error":"signature"}' };
    }
    const { events } = JSON.parse(body.toString()) as { events: EventRecord[] }; // the sink's own batches
    return isHub ? answerEach(events) : answerWhole(events);
  }

  function answerWhole(events: EventRecord[]): Reply {
    const why = events.map(refuses).find((reason) => reason !== null);
    if (why !== undefined) return { status: 400, body: JSON.stringify({ error: why }) };
    events.forEach(store);
    return { status: 200, body: JSON.stringify({ ok: true }) };
  }

  function answerEach(events: EventRecord[]): Reply {
    const receipts = events.map((event, index): BatchAnswer["receipts"][number] => {
      const { receipt_id } = event;
      const reason = refuses(event);
      if (reason !== null) return { index, receipt_id, outcome: "refused", code: "invalid_payload", reason };
      return { index, receipt_id, outcome: store(event) ? "stored" : "duplicate" };
    });
    return { status: 200, body: JSON.stringify({ receipts } satisfies BatchAnswer) };
  }

  function store(event: EventRecord): boolean {
    const isNew = !stored.has(event.receipt_id);
    if (isNew) stored.set(event.receipt_id, event);
    else counts.repeated += 1;
    return isNew;
  }

  const server = await startFaultyServer(handle);
  return { ...server, stored, counts: () => ({ ...counts }), last: () => last };
}

/** What a receiver does, in the words of receivers.md. */
export function isSigned(header: string, body: string, key: string, nowMs: number): boolean {
  const { t = "", v1 = "" } = Object.fromEntries(header.split(",").map((pair) => pair.split("=")));
  const expected = createHmac("sha256", key).update(`${t}.${body}`).digest();
  const given = Buffer.from(v1, "hex");
  const isFresh = Math.abs(nowMs / 1_000 - Number(t)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}
