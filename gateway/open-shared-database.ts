import { setTimeout as wait } from "node:timers/promises";
import { backoffMs } from "./kernel/backoff.ts";
import type { Database, OpenPostgres } from "./kernel/database.ts";
import type { Logger } from "./kernel/logger.ts";
import { isDatabaseAway, isForPerson, reasonOf } from "./kernel/postgres-errors.ts";
import type { SecretBox } from "./kernel/secret-box.ts";

export type Opening =
  | { status: "open"; database: OpenPostgres }
  /** One plain sentence for the person who must change something. */
  | { status: "refused"; message: string }
  /** The signal came first. */
  | { status: "stopped" };

export type OpeningDeps = {
  databaseUrl: string;
  box: SecretBox;
  log: Logger;
  signal: AbortSignal;
};

const RETRY = { firstMs: 500, maxMs: 15_000, jitterFraction: 0.2 };

/**
 * The PostgreSQL database that gateways share. One that does not answer is waited for, however long it takes: after a
 * power cut everything starts at once, and a database is slow. What only a person can put right (a wrong password, a
 * database that is not there, another gateway's key) is refused at once.
 */
export async function openSharedDatabase(deps: OpeningDeps): Promise<Opening> {
  const { databaseUrl, box, log, signal } = deps;
  const { nameOfDatabase, openPostgres } = await import("./kernel/postgres.ts"); // its client is loaded by who needs it
  const name = nameOfDatabase(databaseUrl);
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const database = await openPostgres(databaseUrl, log);
      return await heldToKey(database, { name, box });
    } catch (error) {
      const reason = reasonOf(error);
      if (isForPerson(error)) return refuse(`The database ${name} refused (${reason}); see DATABASE_URL.`);
      if (!isDatabaseAway(error)) throw error;
      log.warn({ reason }, `the database ${name} does not answer; the start waits for it`);
      await wait(backoffMs(RETRY, attempt), undefined, { signal }).catch(() => undefined); // stopped, as asked above
    }
  }
  return { status: "stopped" };
}

const refuse = (message: string): Opening => ({ status: "refused", message });

/** What one gateway seals, such as the password of a sink, the others must be able to open. */
async function heldToKey(
  database: OpenPostgres,
  { name, box }: { name: string; box: SecretBox },
): Promise<Opening> {
  try {
    if (await isKeyOf(database.db, box)) return { status: "open", database };
  } catch (error) {
    await database.close();
    throw error;
  }
  await database.close();
  return refuse(
    `The secret.key in this gateway's data folder is not that of the gateways that use the database ${name}; ` +
      "copy theirs into it.",
  );
}

const KEY_PROOF = "key_proof";

/** The first gateway leaves something sealed behind, which every other one must be able to open. */
async function isKeyOf(db: Database, box: SecretBox): Promise<boolean> {
  await db
    .insertInto("settings")
    .values({ name: KEY_PROOF, value: box.seal(KEY_PROOF).toString("base64") })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { value } = await db
    .selectFrom("settings")
    .select("value")
    .where("name", "=", KEY_PROOF)
    .executeTakeFirstOrThrow();
  try {
    return box.open(Buffer.from(value, "base64")) === KEY_PROOF;
  } catch {
    return false; // sealed with another key
  }
}
