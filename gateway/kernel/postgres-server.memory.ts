import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import type { Database, OpenPostgres } from "./database.ts";
import { silentLogger } from "./logger.ts";
import { openPostgres } from "./postgres.ts";

/** The folder of PostgreSQL's own programs, as a package installs them; null where there are none. */
export const POSTGRES_PROGRAMS = findPrograms();
export const PGBOUNCER = findOnPath("pgbouncer");

/** `describe` for what needs a PostgreSQL to start; where there is none its name says so. */
export const describeWithPostgres = describeWith({ PostgreSQL: POSTGRES_PROGRAMS });
export const describeWithPgBouncer = describeWith({ PostgreSQL: POSTGRES_PROGRAMS, PgBouncer: PGBOUNCER });

function describeWith(programs: Record<string, string | null>): (name: string, tests: () => void) => void {
  const missing = Object.keys(programs).filter((program) => programs[program] === null);
  if (missing.length === 0) return (name, tests) => void describe(name, tests);
  const reason = `skipped: no ${missing.join(" and no ")} found`;
  return (name, tests) => void describe.skip(`${name} (${reason})`, tests);
}

const USER = "guarita";
/** Of the lock with which the first test of a run starts the server. */
const START_TIMEOUT_MS = 120_000;

export type TestServer = {
  url(database: string): string;
  start(): void;
  /** As when its power fails. */
  stop(): void;
};

/** Where the tests of a `describe` find their database. */
type TestDatabase = { url: string; stop(): void };

const straight = async (): Promise<TestDatabase> => ({ url: await newDatabase(serverOfRun()), stop() {} });
export const behindPgBouncer = (): Promise<TestDatabase> => aPgBouncer(serverOfRun());

/** For the tests of a `describe`: a database as two gateways have it open, empty again at every call. */
export function postgresForTests(reach = straight): () => Promise<[OpenPostgres, OpenPostgres]> {
  const opened: OpenPostgres[] = [];
  let stop = () => {};
  beforeAll(async () => {
    const { url, ...database } = await reach();
    stop = database.stop;
    const openings = [1, 2].map(() => openPostgres(url, silentLogger())); // at once, as when the power is back
    opened.push(...(await Promise.all(openings)));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()));
    stop();
  });
  return async () => {
    const [first, second] = opened;
    if (!first || !second) throw new Error("beforeAll opened it");
    await empty(first.db);
    return [first, second];
  };
}

async function empty(db: Database): Promise<void> {
  const tables = await db.introspection.getTables(); // those of the migrations are not among them
  const removals = tables.map(
    ({ name }) => sql`${sql.id(`emptied_${name}`)} as (delete from ${sql.table(name)})`,
  );
  await sql`with ${sql.join(removals)} select`.execute(db);
}

/** The server of this test run: the first one that asks starts it; it ends with the run (postgres-server.setup.ts). */
export function serverOfRun(): TestServer {
  const folder = folderOfRun();
  const server = serverIn(folder);
  const lock = new Sqlite(`${folder}.lock`, { timeout: START_TIMEOUT_MS });
  lock.exec("begin exclusive"); // test files run beside each other
  if (!existsSync(folder)) {
    prepare(folder);
    server.start();
  }
  lock.close();
  return server;
}

/** Whatever lies beside it is ended and removed with the run. */
function folderOfRun(): string {
  const folder = process.env.GUARITA_TEST_POSTGRES;
  if (folder === undefined) throw new Error("vitest.config.ts names postgres-server.setup.ts");
  return folder;
}

/** A server of its own, for a test that stops it. */
export function aServer(): TestServer & { remove(): void } {
  const folder = mkdtempSync(join(dirname(folderOfRun()), "own-"));
  const server = serverIn(folder);
  prepare(folder);
  server.start();
  function remove(): void {
    if (existsSync(join(folder, "data", "postmaster.pid"))) server.stop();
    rmSync(folder, { recursive: true });
  }
  return { ...server, remove };
}

export async function newDatabase(server: TestServer): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = new Client(server.url("postgres"));
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return server.url(name);
}

/** PgBouncer in transaction mode before `server`: what it does not pass on, no gateway may use. */
export async function aPgBouncer(server: TestServer): Promise<TestDatabase> {
  const folder = mkdtempSync(join(dirname(folderOfRun()), "pgbouncer-"));
  const database = new URL((await newDatabase(server)).replace("@/", "@host/"));
  const settings = {
    unix_socket_dir: folder,
    pidfile: join(folder, "pgbouncer.pid"),
    listen_port: 5432,
    auth_type: "trust",
    auth_file: join(folder, "users"),
    pool_mode: "transaction",
    default_pool_size: 3, // fewer than a gateway's connections: they must share
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const host = database.searchParams.get("host");
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]\n* = host=${host} port=5432\n[pgbouncer]\n${lines.join("\n")}\n`,
  );
  writeFileSync(settings.auth_file, `"${USER}" ""\n`);
  own(folder);
  const child = spawn(PGBOUNCER ?? "", [join(folder, "pgbouncer.ini")], {
    ...someoneElse(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  await saying(child, "process up");
  return {
    url: `postgres://${USER}@/${database.pathname.slice(1)}?host=${folder}`,
    stop() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    },
  };
}

function serverIn(folder: string): TestServer {
  const control = (...args: string[]) => run("pg_ctl", ["-D", join(folder, "data"), "-w", ...args]);
  return {
    url: (database) => `postgres://${USER}@/${database}?host=${folder}`,
    start: () => control("-l", join(folder, "log"), "-o", `-k ${folder} -c listen_addresses=`, "start"),
    stop: () => control("-m", "immediate", "stop"),
  };
}

function prepare(folder: string): void {
  mkdirSync(folder, { recursive: true });
  own(folder);
  run("initdb", [
    "-D",
    join(folder, "data"),
    "-U",
    USER,
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "-N",
  ]);
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(join(POSTGRES_PROGRAMS ?? "", program), args, {
    ...someoneElse(),
    cwd: "/",
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`, { cause: error });
}

function saying(child: ChildProcess, words: string): Promise<void> {
  return new Promise((done, failed) => {
    let said = "";
    child.stderr?.on("data", (text) => {
      said += text;
      if (said.includes(words)) done();
    });
    child.once("exit", () => failed(new Error(`it ended: ${said}`)));
  });
}

/** PostgreSQL refuses to run as root. */
function someoneElse(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: idOf("-u"), gid: idOf("-g") };
}

function own(folder: string): void {
  chmodSync(folder, 0o755);
  const { uid, gid } = someoneElse();
  if (uid === undefined || gid === undefined) return;
  chownSync(folder, uid, gid);
  for (const file of readdirSync(folder)) chownSync(join(folder, file), uid, gid);
}

function findPrograms(): string | null {
  const found = findOnPath("postgres");
  const packaged = "/usr/lib/postgresql";
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(found ? [dirname(realpathSync(found))] : []),
    ...versions.map((v) => join(packaged, v, "bin")),
  ];
  const isWhole = (folder: string) =>
    ["postgres", "initdb", "pg_ctl"].every((name) => existsSync(join(folder, name)));
  return folders.find(isWhole) ?? null;
}

function findOnPath(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}
