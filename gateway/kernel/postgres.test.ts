import { sql } from "kysely";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { type OpenPostgres, openDatabase } from "./database.ts";
import { silentLogger } from "./logger.ts";
import { inTransaction, nameOfDatabase, openPostgres } from "./postgres.ts";
import {
  aServer,
  describeWithPostgres,
  newDatabase,
  postgresForTests,
  serverOfRun,
} from "./postgres-server.memory.ts";

const setting = (name: string, value = "1") => ({ name, value });

test("the name of a database holds neither user nor password", () => {
  expect(nameOfDatabase("postgres://guarita:s3cret@db.example:5433/shop?sslmode=disable")).toBe(
    "shop at db.example:5433",
  );
  expect(nameOfDatabase("postgres://guarita@/shop?host=/run/postgresql")).toBe("shop at /run/postgresql");
});

describeWithPostgres("PostgreSQL", () => {
  const databases = postgresForTests();
  const namesIn = async ({ db }: Pick<OpenPostgres, "db">) =>
    (await db.selectFrom("settings").select("name").orderBy("name").execute()).map(({ name }) => name);

  test("gateways that start at once make the same tables that SQLite has", async () => {
    const [database] = await databases();
    const sqlite = await openDatabase(":memory:");
    onTestFinished(sqlite.close);
    const tablesOf = async ({ db }: Pick<OpenPostgres, "db">) =>
      (await db.introspection.getTables())
        .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }))
        .filter(({ name }) => !name.startsWith("sqlite_"))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(await tablesOf(database)).toEqual(await tablesOf(sqlite));
  });

  test("numbers, bytes and texts come back as they were; the one character it cannot hold is replaced", async () => {
    const { db } = (await databases())[0];
    const at = 1_800_000_000_123;
    await db
      .insertInto("stations")
      .values({ id: "a", name: "açã\0o \u{1f6d2}", capacity: 2 ** 40, heard_at_ms: at })
      .execute();
    const row = { id: "a", name: "açã\uFFFDo \u{1f6d2}", capacity: 2 ** 40, heard_at_ms: at };
    expect(await db.selectFrom("stations").selectAll().execute()).toEqual([row]);
    const { rows } = await sql<{ bytes: Buffer; sum: number }>`
      select '\\x00ff'::bytea as bytes, sum(capacity) as sum from stations`.execute(db);
    expect(rows).toEqual([{ bytes: Buffer.from([0, 255]), sum: 2 ** 40 }]);
  });

  test("texts are in the order of their bytes, as in SQLite", async () => {
    const [database] = await databases();
    await database.db
      .insertInto("settings")
      .values(["b", "a-1", "B", "a1", "ã"].map((name) => setting(name)))
      .execute();
    expect(await namesIn(database)).toEqual(["B", "a-1", "a1", "b", "ã"]);
  });

  test("a connection lost in the middle of a transaction leaves nothing of it, and is not used again", async () => {
    const [database, other] = await databases();
    const lost = inTransaction(database.db, async (transaction) => {
      await transaction.insertInto("settings").values(setting("half")).execute();
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
      await sql`select pg_terminate_backend(${rows[0]?.pid}, 10000)`.execute(other.db);
      await transaction.insertInto("settings").values(setting("other half")).execute();
    });
    await expect(lost).rejects.toMatchObject({ code: "storage_unavailable" });
    expect(await namesIn(database)).toEqual([]);
    await database.db.insertInto("settings").values(setting("whole")).execute();
    expect(await namesIn(database)).toEqual(["whole"]);
  });

  test("a connection that breaks while nobody uses it ends nothing", async () => {
    const [database, other] = await databases();
    await sql`select 1`.execute(database.db);
    await sql`select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'idle'`.execute(other.db);
    const again = sql`select 1 as one`.execute(database.db);
    const answer = await again.catch(() => sql`select 1 as one`.execute(database.db)); // it may not have noticed yet
    expect(answer.rows).toEqual([{ one: 1 }]);
  });

  test("of two transactions that wait for each other both are done in the end", async () => {
    const [one, two] = await databases();
    await one.db
      .insertInto("settings")
      .values([setting("a"), setting("b")])
      .execute();
    const meeting: (() => void)[] = [];
    const meet = () =>
      new Promise<void>((go) => {
        meeting.push(go);
        if (meeting.length >= 2) for (const each of meeting) each();
      });
    const swap = ({ db }: OpenPostgres, names: [string, string], mark: string) =>
      inTransaction(db, async (transaction) => {
        const append = (name: string) =>
          sql`update settings set value = value || ${mark} where name = ${name}`.execute(transaction);
        await append(names[0]);
        await meet();
        await append(names[1]);
      });
    await Promise.all([swap(one, ["a", "b"], "x"), swap(two, ["b", "a"], "y")]);
    const values = (await one.db.selectFrom("settings").select("value").execute()).map(({ value }) => value);
    expect(new Set(values).size).toBe(1);
    expect(values[0]).toMatch(/^1(xy|yx)$/);
  });

  test("a database that does not keep what it confirms is warned of", async () => {
    const url = await newDatabase(serverOfRun());
    const warned: object[] = [];
    const log = pino({}, { write: (line: string) => void warned.push(JSON.parse(line)) });
    const first = await openPostgres(url, log);
    expect(warned).toEqual([]);
    await sql`alter database ${sql.id(new URL(url.replace("@/", "@host/")).pathname.slice(1))}
      set synchronous_commit = off`.execute(first.db);
    await first.close();
    await (await openPostgres(url, log)).close();
    expect(warned).toMatchObject([{ off: ["synchronous_commit"] }]);
  });

  test("while the server is away everything is refused for a later try; then it goes on by itself", async () => {
    const server = aServer();
    onTestFinished(server.remove);
    const url = await newDatabase(server);
    const database = await openPostgres(url, silentLogger());
    onTestFinished(database.close);
    await database.db.insertInto("settings").values(setting("before")).execute();
    server.stop();
    const away = { code: "storage_unavailable" };
    await expect(database.db.selectFrom("settings").selectAll().execute()).rejects.toMatchObject(away);
    await expect(inTransaction(database.db, async () => undefined)).rejects.toMatchObject(away);
    await expect(openPostgres(url, silentLogger())).rejects.toMatchObject(away);
    server.start();
    expect(await namesIn(database)).toEqual(["before"]);
  }, 120_000); // on a busy computer a server takes its time
});
