import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ErrorAnswer, HTTP_STATUS } from "#contract/errors.ts";
import { BATCH_LIMIT, BatchAnswer, EventPage, EventQuery, type StoredEvent } from "#contract/events.ts";
import { aMetricsPayload, anEvent, anId, STORE_ID } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { buildApp } from "./app.ts";
import { sqliteEvents } from "./events/events.sqlite.ts";
import { eventRoutes } from "./events/routes.ts";
import { createSearchEvents } from "./events/search-events.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { createBus } from "./kernel/bus.ts";
import { type OpenDatabase, openDatabase } from "./kernel/database.ts";
import { silentLogger } from "./kernel/logger.ts";
import { createMetrics } from "./kernel/metrics.ts";

let database: OpenDatabase;
let server: Server;
let address: string;

beforeAll(async () => {
  database = await openDatabase(":memory:");
  const bus = createBus(silentLogger());
  const events = sqliteEvents(database);
  const app = buildApp({
    log: silentLogger(),
    version: "0.0.0",
    health: () => {
      throw new Error("nobody asks here");
    },
    metrics: createMetrics({
      bus,
      cameraHealth: () => [],
      evidence: () => ({ stored: 0, swept: 0, pictures: 0, bytes: 0 }),
      sinks: async () => [],
    }),
    modelFile: () => undefined,
    routers: [
      eventRoutes({
        storeEvents: createStoreEvents({ ...events, nowMs: Date.now }),
        searchEvents: createSearchEvents(events),
        isStale: (_camera, fence) => fence < 0,
        bus,
      }),
    ],
    webDir: tmpdir(),
  });
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths.events}`; // a TCP server's address is one
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

beforeEach(() => {
  database.raw.exec("delete from events");
});

const rowCount = () => database.raw.prepare<[], number>("select count(*) from events").pluck().get();

async function post(body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** A refusal in the contract's form, with the status of its code, and nothing worse than the sender's own fault. */
function expectRefusal({ status, text }: { status: number; text: string }): void {
  const { error } = ErrorAnswer.parse(JSON.parse(text));
  expect(HTTP_STATUS[error.code]).toBe(status);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
}

/** Text that somebody, somewhere, mistakes for something else. */
const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "fence"],
    ...[
      "\u0000",
      "\ud800",
      "\udc00 ok",
      "🛒",
      "\u2028",
      "NaN",
      "null",
      "-",
      "",
      "1e999",
      "'; drop table events; --",
    ],
  ),
  fc.integer({ min: 1, max: 3_000 }).map((length) => "ã".repeat(length)),
);

const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    ...["0", "-0", "1e400", "-1e400", "1e-400", "5e-324", "1.7976931348623157e308", "1E5", "0.1"],
    ...["9007199254740991", "9007199254740993", "123456789012345678901234567890", "1e21"],
  ),
);

const nestedText = fc
  .tuple(fc.constantFrom(1, 5, 30, 31, 32, 33, 2_000, 60_000), fc.boolean())
  .map(([depth, isList]) =>
    isList ? `${"[".repeat(depth)}${"]".repeat(depth)}` : `${'{"k":'.repeat(depth)}null${"}".repeat(depth)}`,
  );

/** JSON as text, because values of this language cannot say all that JSON can. */
const { jsonText, objectText } = fc.letrec<{ jsonText: string; objectText: string }>((tie) => ({
  jsonText: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("null", "true", "false"),
    numberText,
    hostileText.map((text) => JSON.stringify(text)),
    nestedText,
    fc.array(tie("jsonText"), { maxLength: 4 }).map((list) => `[${list.join(",")}]`),
    tie("objectText"),
  ),
  objectText: fc
    .array(fc.tuple(hostileText, tie("jsonText")), { maxLength: 4 })
    .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
}));

const POOL = Array.from({ length: 4 }, anId);
const receiptText = fc.oneof(
  fc.constantFrom(...POOL, ...POOL.map((id) => id.toUpperCase())).map((id) => JSON.stringify(id)),
  fc.uuid().map((id) => JSON.stringify(id)),
  jsonText,
);
const timeText = fc.oneof(
  fc
    .constantFrom(
      ...[
        "9999-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "2026-03-01T12:00Z",
      ],
      ...[
        "2026-03-01T12:00:00.123456789Z",
        "2026-02-29T00:00:00Z",
        "2028-02-29T00:00:00Z",
        "2026-03-01T24:00:00Z",
      ],
      ...[
        "2026-03-01T12:00:60Z",
        "+275760-09-13T00:00:00Z",
        "NaN",
        "now",
        "2026-03-01T12:00:00z",
        "2026-03-01",
      ],
    )
    .map((text) => JSON.stringify(text)),
  jsonText,
);

type Fields = Record<string, string>;
const aGoodEvent = (): Fields =>
  Object.fromEntries(Object.entries(anEvent()).map(([field, value]) => [field, JSON.stringify(value)]));

/** Fields beside those that a payload needs, so that it still fits. */
const widened = (payload: object, more: string): string =>
  more === "{}" ? JSON.stringify(payload) : `${more.slice(0, -1)},${JSON.stringify(payload).slice(1)}`;

/** A good event with a few things about it changed, mostly for the worse. */
const spoiledEvent = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant("receipt_id"), receiptText),
      fc.tuple(fc.constant("ts"), timeText),
      fc.tuple(fc.constantFrom("meta", "payload"), objectText),
      fc.tuple(fc.constant("meta"), fc.constantFrom('{"fence":-1}', '{"fence":"1"}')),
      objectText.map((more) => ["payload", widened(anEvent().payload ?? {}, more)]),
      fc.tuple(
        fc.constantFrom("event_name", "source", "store_id", "camera_id", "zone_id", "org_id"),
        jsonText,
      ),
      fc.tuple(
        fc.constantFrom("camera_id", "zone_id", "org_id"),
        fc.uuid().map((id) => `"${id}"`),
      ),
      fc.tuple(hostileText, jsonText),
      fc.constant(["event_name", '"vision.metrics.v1"']),
      fc.constant(["payload", JSON.stringify(aMetricsPayload())]),
    ),
    { maxLength: 3 },
  )
  .map((changes) => {
    const fields = aGoodEvent();
    for (const [field = "", value = "null"] of changes) {
      Object.defineProperty(fields, field, { value, enumerable: true, configurable: true, writable: true });
    }
    return `{${Object.entries(fields)
      .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
      .join(",")}}`;
  });

const candidate = fc.oneof({ weight: 5, arbitrary: spoiledEvent }, { weight: 1, arbitrary: jsonText });

const IDS = ["receipt_id", "store_id", "org_id", "camera_id", "zone_id"] as const;

/** The event that was sent, as the contract says that it is given back. */
function asStored(sent: Record<string, unknown>, { received_at }: StoredEvent): unknown {
  const ids = IDS.filter((field) => field in sent).map((field) => [field, String(sent[field]).toLowerCase()]);
  const ts = new Date(String(sent.ts)).toISOString();
  return { ...sent, ...Object.fromEntries(ids), ts, received_at };
}

/** As `JSON.parse`, but numbers as digits where they are whole: a parser rounds large ones. JSON has one zero. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value !== "number") return value;
    const written = context?.source ?? "";
    if (/^-?\d+$/.test(written)) return String(BigInt(written));
    return Number.isInteger(value) ? String(value) : value;
  });
}

/** What the search finds, by receipt; numbers as they were written. */
async function readBack(): Promise<Map<string, StoredEvent>> {
  const response = await fetch(`${address}?limit=500`);
  expect(response.status).toBe(200);
  const text = await response.text();
  EventPage.parse(JSON.parse(text));
  const { events } = parseExactly(text) as EventPage; // seen one line above, but for its numbers
  return new Map(events.map((event) => [event.receipt_id, event]));
}

/** Three that nest deepest are more than a batch may be, which is refused as a whole: they say nothing of each. */
const leavesRoom = (texts: string[]): boolean => Buffer.byteLength(texts.join()) < BATCH_LIMIT.bytes - 4_096;

/** The machine may be busy: what counts is that it ends. */
const LONG_MS = 120_000;

test(
  "whatever stands in a batch: each event is answered, the good ones are kept, what is read is what was sent",
  async () => {
    const batch = fc.array(candidate, { minLength: 1, maxLength: 8 }).filter(leavesRoom);
    await fc.assert(
      fc.asyncProperty(batch, fc.nat({ max: 8 }), async (candidates, place) => {
        database.raw.exec("delete from events");
        const witness = anEvent({ store_id: STORE_ID });
        const texts = candidates.toSpliced(place, 0, JSON.stringify(witness));
        const answer = await post(`{"events":[${texts.join(",")}]}`);
        expect(answer.status, answer.text).toBe(200);
        const { receipts } = BatchAnswer.parse(JSON.parse(answer.text));
        expect(receipts.map(({ index }) => index)).toEqual([...texts.keys()]);
        expect(receipts.find(({ receipt_id }) => receipt_id === witness.receipt_id)?.outcome).toBe("stored");

        const stored = receipts.filter(({ outcome }) => outcome === "stored");
        const found = await readBack();
        expect(found.size).toBe(stored.length);
        expect(rowCount()).toBe(stored.length);
        for (const { index, receipt_id } of stored) {
          const event = found.get(String(receipt_id).toLowerCase());
          if (!event) throw new Error(`${receipt_id} is said to be stored and cannot be found`);
          const sent = parseExactly(texts[index] ?? "") as Record<string, unknown>; // it was stored: it is a record
          const kept = asStored(sent, event);
          // the matcher takes a field that is called `constructor` for the object's type
          expect(isDeepStrictEqual(event, kept), JSON.stringify({ event, kept })).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  },
  LONG_MS,
);

test(
  "a body that is no batch is refused with a reason, and nothing of it is stored",
  async () => {
    const good = JSON.stringify({ events: [anEvent()] });
    const broken = fc.oneof(
      jsonText,
      fc.constantFrom(
        ...[
          "",
          "NaN",
          good.slice(0, -1),
          `${good}}`,
          `\ufeff\ufeff${good}`,
          good.replace('"source"', "source"),
        ],
        ...[
          good.replace("{", '{"__proto__":{},'),
          good.replace('"length":3', '"length":NaN'),
          "[".repeat(200_000),
        ],
        `{"events":[${"{},".repeat(500)}{}]}`,
        `{"events":["${"x".repeat(1_048_576)}"]}`,
      ),
      // one byte of UTF-8 that is none
      fc.nat({ max: good.length - 1 }).map((at) => {
        const bytes = new TextEncoder().encode(good);
        bytes[at] = 0xff;
        return bytes;
      }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (body) => {
        expectRefusal(await post(body));
        expect(rowCount()).toBe(0);
      }),
      { numRuns: 100 },
    );
  },
  LONG_MS,
);

/** Addresses are of well-formed text, and Node itself refuses those of over 16 kB. */
const addressText = hostileText.map((text) => text.toWellFormed().slice(0, 100));

test(
  "whatever the search is asked, it answers with events or with a refusal",
  async () => {
    await post(JSON.stringify({ events: [anEvent(), anEvent()] }));
    const value = fc.oneof(
      addressText,
      fc.constantFrom(
        "0",
        "-1",
        "1e9",
        "2026-03-01T12:00:00.000Z~1",
        "2026-03-01T12:00:00.000Z~999999999999999",
      ),
      fc.constantFrom("queue.detected", "queue.detected,,", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"),
      fc.uuid(),
    );
    const query = fc.array(
      fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(EventQuery.shape)), addressText), value),
      {
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(query, async (fields) => {
        const response = await fetch(`${address}?${new URLSearchParams(fields)}`);
        const text = await response.text();
        if (response.status === 200) EventPage.parse(JSON.parse(text));
        else expectRefusal({ status: response.status, text });
      }),
      { numRuns: 100 },
    );
  },
  LONG_MS,
);
