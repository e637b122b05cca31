import { expect, test } from "vitest";
import { SinkTarget } from "#contract/sinks.ts";
import { supabaseTableSql } from "#contract/supabase-table.ts";

const fits = (target: Record<string, unknown>) => SinkTarget.safeParse(target).success;

test("an address has one of the protocols of its kind", () => {
  expect(fits({ kind: "http", url: "https://example.com/in?a=b" })).toBe(true);
  expect(fits({ kind: "mqtt", url: "wss://user@example.com:9001/mqtt" })).toBe(true);
  expect(fits({ kind: "amqp", url: "amqps://example.com/vhost" })).toBe(true);
  for (const url of ["ftp://example.com", "mqtt://example.com", "example.com", "javascript:alert(1)"]) {
    expect([url, fits({ kind: "http", url })]).toEqual([url, false]);
  }
});

test("no password stands in an address, and no user in one of HTTP", () => {
  for (const userinfo of ["user:pass@", "user:@", ":pass@", "us%40er:p@ss@"]) {
    expect([userinfo, fits({ kind: "mqtt", url: `mqtt://${userinfo}example.com` })]).toEqual([
      userinfo,
      false,
    ]);
  }
  expect(fits({ kind: "http", url: "https://user@example.com" })).toBe(false);
  expect(fits({ kind: "http", url: "https://example.com:8443/a:b@c" })).toBe(true);
});

test("a header holds what HTTP can carry", () => {
  const withHeader = (value: string) => fits({ kind: "http", url: "http://h", headers: { "x-shop": value } });
  expect([withHeader("7, seven"), withHeader("a\r\nb: c"), withHeader("né")]).toEqual([true, false, false]);
});

test("the receipt keeps a column, and no two fields share one", () => {
  const withColumns = (columns: object) => fits({ kind: "supabase", url: "https://x.supabase.co", columns });
  expect(withColumns({ ts: "happened_at", meta: null })).toBe(true);
  expect(withColumns({ receipt_id: null })).toBe(false);
  expect(withColumns({ ts: "payload" })).toBe(false);
  expect(withColumns({ payload: "meta", meta: null })).toBe(true);
});

test("the table's SQL quotes names and leaves out what is not sent", () => {
  const sql = supabaseTableSql({
    schema: "public",
    table: 'my"table',
    columns: { ts: "happened at", meta: null },
  });
  expect(sql).toContain('create table if not exists "public"."my""table" (');
  expect(sql).toContain('"happened at" timestamptz not null');
  expect(sql).not.toContain('"meta"');
});
