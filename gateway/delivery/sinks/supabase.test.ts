import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import type { SinkTroubleCode } from "#contract/sink-troubles.ts";
import { SinkTarget, type TargetOf } from "#contract/sinks.ts";
import { supabaseTableSql } from "#contract/supabase-table.ts";
import { aServer, describeWithPostgres } from "../../kernel/postgres-server.memory.ts";
import type { SinkDeps } from "../sink.ts";
import { deliverAll, sinkDeps } from "./driver.memory.ts";
import { startFaultyServer } from "./faulty-server.memory.ts";
import { type PostgrestServer, startPostgrest } from "./postgrest.memory.ts";
import { openSupabaseSink } from "./supabase.ts";

const KEY = "sb_secret_example";
const signal = new AbortController().signal;

const targetOf = (url: string, fields: Partial<TargetOf<"supabase">> = {}): TargetOf<"supabase"> =>
  SinkTarget.parse({ kind: "supabase", url, ...fields }) as TargetOf<"supabase">; // its kind says so

const open = (
  { url }: { url: string },
  fields: Partial<TargetOf<"supabase">> = {},
  deps: Partial<SinkDeps<"supabase">> = {},
) => openSupabaseSink(sinkDeps(targetOf(url, fields), { secrets: { key: KEY }, ...deps }));

const failure = (code: SinkTroubleCode) => ({ kind: "failed", trouble: { code } });

test.each<[string, number, string, object]>([
  [
    "a proxy's page",
    400,
    "<html>",
    { kind: "failed", trouble: { code: "unexpected_answer", detail: "HTTP 400" } },
  ],
  ["too large a body", 413, "<html>", { kind: "refused", code: "http_413", trouble: { code: "too_large" } }],
  ["a key that expired", 401, '{"code":"PGRST303","message":"JWT expired"}', failure("key_refused")],
  ["no right to the table", 403, '{"code":"42501","message":"denied"}', failure("key_refused")],
  ["receipts that are not unique", 400, '{"code":"42P10","message":"no constraint"}', failure("table_unfit")],
  ["no connection left", 503, '{"code":"PGRST003","message":"timeout"}', failure("busy")],
  ["a deadlock", 500, '{"code":"40P01","message":"deadlock"}', failure("broken_receiver")],
  [
    "a trigger that raised",
    400,
    '{"code":"P0001","message":"closed"}',
    { kind: "refused", trouble: { code: "refused", detail: "closed" } },
  ],
  [
    "a row too large for an index",
    500,
    '{"code":"54000","message":"row"}',
    { kind: "refused", code: "54000" },
  ],
])("%s is told apart: the row's fault, or the setup's", async (_name, status, body, expected) => {
  const server = await startFaultyServer(() => ({ status, body }));
  const result = await open(server).send([anEvent()], signal);
  await server.kill();
  expect(result).toMatchObject(expected);
});

describeWithPostgres("on PostgreSQL", () => {
  let server: ReturnType<typeof aServer>;
  let postgrest: PostgrestServer;

  beforeAll(async () => {
    server = aServer();
    await query("create role service_role");
  }, 60_000);
  afterAll(() => server.remove());
  beforeEach(async () => {
    await query("drop schema public cascade; create schema public");
    await query(supabaseTableSql(targetOf("http://localhost")));
    postgrest = await startPostgrest({ databaseUrl: server.url("postgres"), key: KEY });
  });
  afterEach(() => postgrest.close());

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client(server.url("postgres"));
    await client.connect();
    try {
      const result = await client.query(sql);
      return result.rows ?? [];
    } finally {
      await client.end();
    }
  }
  const receipts = async () =>
    (await query("select receipt_id from guarita_events order by 1")).map(({ receipt_id }) => receipt_id);

  test("the SQL that is given makes the table, may run again, and takes events with and without every field", async () => {
    await query(supabaseTableSql(targetOf("http://localhost")));
    const whole: EventRecord = {
      ...anEvent({ meta: { note: "ção", deep: [1, { a: null }] } }),
      org_id: "018f0000-0000-7000-9000-0000000000aa",
      camera_id: "018f0000-0000-7000-9000-0000000000bb",
      zone_id: "018f0000-0000-7000-9000-0000000000cc",
    };
    const { payload: _, ...bare } = anEvent();
    expect(await open(postgrest).send([whole, bare], signal)).toMatchObject({
      kind: "each",
      answers: [{ outcome: "acknowledged" }, { outcome: "acknowledged" }],
    });
    const rows = await query(
      "select *, to_char(ts at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') as ts from guarita_events order by receipt_id",
    );
    expect(rows[0]).toMatchObject(whole);
    expect(rows[1]).toMatchObject({
      receipt_id: bare.receipt_id,
      payload: null,
      meta: null,
      zone_id: null,
    });
  });

  test("what was sent before is left as it is", async () => {
    const event = anEvent();
    await open(postgrest).send([event], signal);
    const changed = { ...event, source: "system" as const };
    expect(await open(postgrest).send([changed, anEvent()], signal)).toMatchObject({ kind: "each" });
    expect(await query("select source from guarita_events order by receipt_id")).toEqual([
      { source: "edge" },
      { source: "edge" },
    ]);
  });

  test("schema, table and columns go by the names that are configured", async () => {
    await postgrest.close();
    const fields = {
      schema: "shop",
      table: "My Events",
      columns: { receipt_id: "id of it", payload: "body", meta: null },
    };
    await query(
      `drop schema if exists shop cascade; ${supabaseTableSql(targetOf("http://localhost", fields))}`,
    );
    postgrest = await startPostgrest({ databaseUrl: server.url("postgres"), key: KEY, schemas: ["shop"] });
    const event = anEvent();
    const sink = open({ url: `${postgrest.url}/rest/v1/` }, fields);
    expect(await sink.send([event, event], signal)).toMatchObject({ kind: "each" });
    const rows = await query('select "id of it", body from shop."My Events"');
    expect(rows).toEqual([{ "id of it": event.receipt_id, body: event.payload }]);
  });

  test("a row that its table refuses is found by halves, and the others arrive", async () => {
    await query("alter table guarita_events add constraint short check (length(payload->>'reason') < 5)");
    const long = anEvent({ payload: { ...anEvent().payload, reason: "too long" } });
    const zero = anEvent({ meta: { text: "a\u0000b" } }); // PostgreSQL's jsonb holds no NUL
    const good = Array.from({ length: 30 }, () => anEvent());
    const events = [...good.slice(0, 11), long, ...good.slice(11, 20), zero, ...good.slice(20)];
    const { acknowledged, parked } = await deliverAll(open(postgrest), events, 50);
    expect(parked.map(({ event, code }) => [event, code])).toEqual([
      [long, "23514"],
      [zero, "22P05"],
    ]);
    expect([acknowledged.length, (await receipts()).length]).toEqual([30, 30]);
  });

  test("a missing table, column or schema and a wrong key park nothing, and name what is wrong", async () => {
    const troubleOf = async (fields: Partial<TargetOf<"supabase">>, key = KEY) => {
      const result = await open(postgrest, fields, { secrets: { key } }).send([anEvent()], signal);
      return result.kind === "failed" ? result.trouble : result.kind;
    };
    const unfit = (said: string) => ({ code: "table_unfit", detail: expect.stringContaining(said) });
    expect(await troubleOf({ table: "nothing" })).toEqual(unfit("PGRST205"));
    expect(await troubleOf({ columns: { meta: "extra" } })).toEqual(unfit("extra"));
    expect(await troubleOf({ schema: "hidden" })).toEqual(unfit("PGRST106"));
    expect(await troubleOf({}, "wrong")).toMatchObject({ code: "key_refused" });
    await query("alter table guarita_events drop constraint guarita_events_pkey");
    expect(await troubleOf({})).toEqual(unfit("42P10"));
  });

  test("5,000 events arrive once each though database and server are killed in turn", {
    timeout: 120_000,
  }, async () => {
    const events = Array.from({ length: 5_000 }, () => anEvent());
    const faults = ["answer_lost", "half_reply", "closed_socket"] as const;
    let requests = 0;
    postgrest.misbehave(() => {
      requests += 1;
      const kind = faults[(requests / 4) % faults.length];
      return kind === undefined ? null : { kind };
    });
    let restarting = Promise.resolve();
    let kills = 0;
    const database = {
      async kill() {
        server.stop();
        await expect(query("select 1")).rejects.toThrow(); // and what is on its way meets the same
      },
      start: async () => server.start(),
    };
    const restart = async (one: { kill(): Promise<void>; start(): Promise<void> }) => {
      await one.kill();
      await one.start();
    };
    const { acknowledged, parked } = await deliverAll(open(postgrest), events, 100, {
      onRound: async (round) => {
        if (round % 8 !== 5 || kills === 6) return;
        await restarting;
        restarting = restart(kills % 2 === 0 ? database : postgrest); // while the next batch is on its way
        kills += 1;
      },
    });
    await restarting;
    expect([kills, acknowledged.length, parked.length]).toEqual([6, 5_000, 0]);
    expect(await receipts()).toEqual(events.map(({ receipt_id }) => receipt_id).sort());
  });
});
