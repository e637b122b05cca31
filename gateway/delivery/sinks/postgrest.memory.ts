import pg from "pg";
import { type Asked, type FaultyServer, type Reply, startFaultyServer } from "./faulty-server.memory.ts";

export type PostgrestOptions = { databaseUrl: string; key: string; schemas?: string[] };
export type PostgrestServer = FaultyServer & { close(): Promise<void> };

const UNDEFINED_STATUS = 400;
/** PostgREST's table of SQLSTATE to HTTP, as far as an insert can meet it. */
const STATUS_OF: [RegExp, number][] = [
  [/^(08|53)/, 503],
  [/^(25|40|54|55|57|58|XX)/, 500],
  [/^(23503|23505)$/, 409],
  [/^42P01$/, 404],
  [/^42501$/, 403],
];

/**
 * The insert of PostgREST as documented, run on a real PostgreSQL: `POST /rest/v1/TABLE?on_conflict=...` with a key, a
 * profile and `resolution=ignore-duplicates`. A real PostgREST is a Haskell program that no package here brings.
 */
export async function startPostgrest(options: PostgrestOptions): Promise<PostgrestServer> {
  const { databaseUrl, key, schemas = ["public"] } = options;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on("error", () => undefined); // the database was killed; the next query says so

  async function handle(asked: Asked): Promise<Reply> {
    if (asked.headers.apikey !== key || asked.headers.authorization !== `Bearer ${key}`) {
      return { status: 401, body: JSON.stringify({ message: "Invalid API key" }) };
    }
    const schema = String(asked.headers["content-profile"] ?? schemas[0]);
    if (!schemas.includes(schema)) return refuse(406, "PGRST106", `Invalid schema: ${schema}`);
    const [, table] = /^\/rest\/v1\/([^/]+)$/.exec(asked.url.pathname) ?? [];
    if (asked.method !== "POST" || table === undefined) return refuse(404, "PGRST125", "Invalid path");
    return insert({ schema, table: decodeURIComponent(table) }, asked).catch(ofDatabase);
  }

  async function insert(into: { schema: string; table: string }, asked: Asked): Promise<Reply> {
    const rows = tryRows(asked.body.toString());
    if (!rows) return refuse(400, "PGRST102", "Empty or invalid json");
    const columns = Object.keys(rows[0] ?? {});
    const hasSameKeys = rows.every((row) => Object.keys(row).sort().join() === columns.toSorted().join());
    if (!hasSameKeys) return refuse(400, "PGRST102", "All object keys must match");
    const known = await columnsOf(into);
    if (known.length === 0) return refuse(404, "PGRST205", `Could not find the table '${into.table}'`);
    const unknown = columns.find((column) => !known.includes(column));
    if (unknown !== undefined) return refuse(400, "PGRST204", `Could not find the '${unknown}' column`);
    const names = columns.map(quoted).join(", ");
    const full = `${quoted(into.schema)}.${quoted(into.table)}`;
    const target = asked.url.searchParams.get("on_conflict") ?? "";
    const isIgnored = String(asked.headers.prefer).includes("resolution=ignore-duplicates");
    await pool.query(
      `insert into ${full} (${names}) select ${names} from json_populate_recordset(null::${full}, $1::json)
       ${isIgnored ? `on conflict (${quoted(target.replace(/^"|"$/g, ""))}) do nothing` : ""}`,
      [JSON.stringify(rows)],
    );
    return { status: 201 };
  }

  async function columnsOf({ schema, table }: { schema: string; table: string }): Promise<string[]> {
    const { rows } = await pool.query(
      "select column_name from information_schema.columns where table_schema = $1 and table_name = $2",
      [schema, table],
    );
    return rows.map(({ column_name }) => column_name);
  }

  const server = await startFaultyServer(handle);
  return {
    ...server,
    close: async () => {
      await server.kill();
      await pool.end();
    },
  };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function tryRows(text: string): Record<string, unknown>[] | null {
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) && rows.length > 0 ? rows : null;
  } catch {
    return null;
  }
}

function refuse(status: number, code: string, message: string): Reply {
  return { status, body: JSON.stringify({ code, message, details: null, hint: null }) };
}

function ofDatabase(error: unknown): Reply {
  const { code, message, detail } = error as { code?: string; message: string; detail?: string }; // what pg throws
  if (!/^[0-9A-Z]{5}$/.test(code ?? "")) return refuse(503, "PGRST001", "Database connection error");
  const status = STATUS_OF.find(([pattern]) => pattern.test(code ?? ""))?.[1] ?? UNDEFINED_STATUS;
  return { status, body: JSON.stringify({ code, message, details: detail ?? null, hint: null }) };
}
