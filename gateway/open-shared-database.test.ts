import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Logger } from "./kernel/logger.ts";
import { silentLogger } from "./kernel/logger.ts";
import { aServer, describeWithPostgres, newDatabase, serverOfRun } from "./kernel/postgres-server.memory.ts";
import { createSecretBox } from "./kernel/secret-box.ts";
import { type OpeningDeps, openSharedDatabase } from "./open-shared-database.ts";

const open = (databaseUrl: string, deps: Partial<OpeningDeps> = {}) =>
  openSharedDatabase({
    databaseUrl,
    box: createSecretBox(randomBytes(32)),
    log: silentLogger(),
    signal: new AbortController().signal,
    ...deps,
  });

/** Calls `onLine` with each line that is logged. */
const logTo = (onLine: (line: string) => void): Logger => pino({}, { write: onLine });

test("the wait for a database that does not answer ends when it is told to", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guarita-shared-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stopping = new AbortController();
  const said: string[] = [];
  const log = logTo((line) => {
    said.push(line);
    stopping.abort();
  });
  const opening = await open(`postgres://guarita:s3cret@/shop?host=${folder}`, {
    log,
    signal: stopping.signal,
  });
  expect(opening).toEqual({ status: "stopped" });
  expect(said).toEqual([
    expect.stringMatching(/the database shop at .* does not answer; the start waits for it/),
  ]);
  expect(said.join()).not.toContain("s3cret");
});

describeWithPostgres("PostgreSQL at a start", () => {
  test("a database that does not answer yet is waited for", async () => {
    const server = aServer();
    onTestFinished(server.remove);
    const url = await newDatabase(server);
    server.stop();
    const opening = await open(url, { log: logTo(() => server.start()) }); // now that it waits
    if (opening.status !== "open") throw new Error(opening.status);
    await opening.database.close();
  }, 120_000); // on a busy computer a server takes its time

  test("what only a person can put right is refused in a sentence without the password", async () => {
    const opening = await open(serverOfRun().url("no_such_shop").replace("guarita@", "guarita:s3cret@"));
    expect(opening).toEqual({
      status: "refused",
      message: expect.stringMatching(
        /^The database no_such_shop at .* refused \(.*does not exist\); see DATABASE_URL\.$/,
      ),
    });
    expect(JSON.stringify(opening)).not.toContain("s3cret");
  });

  test("a gateway with another key than the first one is refused, one with the same is not", async () => {
    const url = await newDatabase(serverOfRun());
    const box = createSecretBox(randomBytes(32));
    for (const attempt of [1, 2]) {
      const opening = await open(url, { box });
      if (opening.status !== "open") throw new Error(`${attempt}: ${opening.status}`);
      await opening.database.close();
    }
    expect(await open(url)).toEqual({
      status: "refused",
      message: expect.stringMatching(/^The secret\.key in this gateway's data folder is not that of /),
    });
  });
});
