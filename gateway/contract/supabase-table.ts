import type { EventRecord } from "./events.ts";
import { supabaseColumns, type TargetOf } from "./sinks.ts";

const TYPES: Record<keyof EventRecord, string> = {
  receipt_id: "uuid primary key",
  event_name: "text not null",
  ts: "timestamptz not null",
  store_id: "uuid not null",
  org_id: "uuid",
  source: "text not null",
  camera_id: "uuid",
  zone_id: "uuid",
  payload: "jsonb",
  meta: "jsonb",
};

/**
 * What a person runs once in the SQL editor of Supabase, so that the table fits the sink. Row level security is on and
 * no policy is made: only the secret (service role) key reads and writes. The last line makes PostgREST see the table.
 */
export function supabaseTableSql({
  schema,
  table,
  columns,
}: Pick<TargetOf<"supabase">, "schema" | "table" | "columns">): string {
  const sent = supabaseColumns(columns);
  const full = `${quoted(schema)}.${quoted(table)}`;
  const lines = Object.entries(sent).map(
    ([field, column]) => `  ${quoted(column)} ${TYPES[field as keyof EventRecord]}`, // a field of the record: its keys are
  );
  const byTime = [sent.store_id, sent.ts].flatMap((column) => (column === undefined ? [] : [quoted(column)]));
  return [
    `create schema if not exists ${quoted(schema)};`,
    `create table if not exists ${full} (`,
    [...lines, `  "received_at" timestamptz not null default now()`].join(",\n"),
    ");",
    ...(byTime.length > 0
      ? [`create index if not exists ${quoted(`${table}_by_time`)} on ${full} (${byTime.join(", ")});`]
      : []),
    `alter table ${full} enable row level security;`,
    `grant usage on schema ${quoted(schema)} to service_role;`,
    `grant select, insert on ${full} to service_role;`,
    "notify pgrst, 'reload schema';",
    "",
  ].join("\n");
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
