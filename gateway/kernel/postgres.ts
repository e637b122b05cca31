import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  sql,
  type Transaction,
} from "kysely";
import { Migrator } from "kysely/migration";
import { Client, type CustomTypesConfig, Pool, type PoolClient, type PoolConfig, types } from "pg";
import type { Database, OpenPostgres, Tables } from "./database.ts";
import type { Logger } from "./logger.ts";
import { migrations } from "./migrations.ts";
import { isDatabaseAway, isDeadlock, storageError, unavailable } from "./postgres-errors.ts";
import { inPostgresWords } from "./postgres-schema.ts";

/** A shop's ingest, search and loops; several gateways, and PgBouncer's pool, must have room beside. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** A server behind a cut cable says nothing at all. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Of the migrations' lock: any number that nobody else takes. */
const MIGRATION_LOCK = 7_482_910_365;
const MAX_DEADLOCKS = 5;

/**
 * Opens (and migrates) the PostgreSQL database at `url`. Everything works through PgBouncer in transaction mode: no
 * named statements, nothing that lasts beyond a transaction. What fails because the server is away is a `GatewayError`
 * with `storage_unavailable`; the connection it failed on is never used again.
 */
export async function openPostgres(url: string, log: Logger): Promise<OpenPostgres> {
  await migrate(url, log);
  const { db } = connect(url, log, { max: MAX_CONNECTIONS, query_timeout: ANSWER_TIMEOUT_MS });
  await warnOfLostCommits(db, log);
  return { kind: "postgres", db, close: () => db.destroy() };
}

/** What may be shown and logged of an address: never its user or password. */
export function nameOfDatabase(url: string): string {
  const { database, host, port } = new Client(url);
  return `${database} at ${host.startsWith("/") ? host : `${host}:${port}`}`;
}

/** Runs `work` in a transaction, again when another one stood in its way: it must do nothing but ask the database. */
export async function inTransaction<T>(
  db: Database,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return pastDeadlocks(() => db.transaction().execute(work));
}

/** For a single statement, which is a transaction by itself. */
export async function pastDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let deadlocks = 1; ; deadlocks += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDeadlock(error)) throw error;
      if (deadlocks === MAX_DEADLOCKS) throw unavailable(error);
    }
  }
}

/**
 * In one transaction, under a lock that ends with it: gateways that start at once wait for each other, and one that
 * dies half way leaves nothing behind. On a connection of its own, because it may take as long as it takes.
 */
async function migrate(url: string, log: Logger): Promise<void> {
  const { db } = connect(url, log, { max: 1 });
  try {
    await db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(transaction);
      const translated = transaction.withPlugin(inPostgresWords());
      const migrator = new Migrator({ db: translated, provider: { getMigrations: async () => migrations } });
      const { error } = await migrator.migrateToLatest();
      if (isDatabaseAway(error)) throw error;
      if (error) throw new Error("could not bring the database up to date", { cause: error });
    });
  } finally {
    await db.destroy();
  }
}

/** The answer to a batch promises that it is on disk. */
async function warnOfLostCommits(db: Database, log: Logger): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'`.execute(db);
  const off = rows.map(({ name }) => name);
  if (off.length > 0)
    log.warn({ off }, "the database may lose events that it confirmed, when its power fails");
}

function connect(url: string, log: Logger, config: PoolConfig): { db: Database } {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: "guarita",
    types: { getTypeParser },
    ...config,
  });
  // a connection that breaks while nobody uses it, or between two statements, must not end the gateway
  const onBreak = (error: Error) => log.warn({ reason: error.message }, "a connection to the database broke");
  pool.on("error", onBreak);
  pool.on("connect", (client) => client.on("error", () => undefined)); // whoever uses it hears it from its statement
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(pool) }) }) };
}

const INT8 = 20;
const NUMERIC = 1700;

/** Numbers stay numbers: none of ours comes near 2^53. */
const getTypeParser: CustomTypesConfig["getTypeParser"] = (id, format) =>
  id === INT8 || id === NUMERIC ? Number : types.getTypeParser(id, format);

/** The pool, with errors that say what to do about them. */
function guarded(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: () => pool.connect().then(guardedClient, (error) => Promise.reject(storageError(error))),
  };
}

function guardedClient(client: PoolClient): PostgresPoolClient {
  let isBroken = false;
  async function query(text: string, parameters: readonly unknown[] = []) {
    try {
      return await client.query(text, parameters.map(withoutNul));
    } catch (error) {
      isBroken ||= isDatabaseAway(error);
      throw storageError(error);
    }
  }
  return {
    query: query as unknown as PostgresPoolClient["query"], // without cursors, which nobody asks for
    release: (destroy) => client.release(isBroken || destroy),
  };
}

/** PostgreSQL's texts hold every character but this one. */
function withoutNul(value: unknown): unknown {
  if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
  return Array.isArray(value) ? value.map(withoutNul) : value;
}
