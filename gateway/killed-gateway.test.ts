import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { sql } from "kysely";
import { expect, onTestFinished, test, vi } from "vitest";
import { BatchAnswer, type EventRecord } from "#contract/events.ts";
import { anEvent, anId } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { Sink, SinkList } from "#contract/sinks.ts";
import { startFaultyServer } from "./delivery/sinks/faulty-server.memory.ts";
import { silentLogger } from "./kernel/logger.ts";
import { openPostgres } from "./kernel/postgres.ts";
import { behindPgBouncer, describeWithPgBouncer } from "./kernel/postgres-server.memory.ts";

const MAIN = resolve(import.meta.dirname, "start.mjs");
const EACH = 12;

type Running = { url: string; child: ChildProcess };

/** A gateway in a process of its own, without cameras, media server or models. */
async function aGateway(dataDir: string, databaseUrl: string): Promise<Running> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      GUARITA_PORT: "0",
      GUARITA_DATA: dataDir,
      GUARITA_MEDIAMTX: join(dataDir, "no-mediamtx"),
      GUARITA_MODELS: join(dataDir, "no-models"),
      GUARITA_LOG: "error",
      DATABASE_URL: databaseUrl,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => kill(child));
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (url) return { url, child };
  }
  throw new Error("the gateway ended before it was ready");
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Takes what it is sent, but for batches with an event of `silentFor`: those it has, and never answers. */
async function aReceiver(silentFor: string) {
  const received: string[] = [];
  const unanswered: string[] = [];
  let isSilent = true;
  const server = await startFaultyServer(async ({ body }) => {
    const { events } = JSON.parse(body.toString()) as { events: EventRecord[] }; // the sink's own batches
    const receipts = events.map(({ receipt_id }) => receipt_id);
    received.push(...receipts);
    if (isSilent && events.some(({ camera_id }) => camera_id === silentFor)) {
      unanswered.push(...receipts);
      await new Promise(() => {});
    }
    return { status: 200, body: "{}" };
  });
  onTestFinished(server.kill);
  return {
    url: server.url,
    received,
    unanswered,
    answerAll() {
      isSilent = false;
    },
  };
}

const asJson = (body: object) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function post({ url }: Running, events: EventRecord[]): Promise<void> {
  const answer = BatchAnswer.parse(await (await fetch(url + paths.events, asJson({ events }))).json());
  expect(answer.receipts.map(({ outcome }) => outcome)).toEqual(events.map(() => "stored"));
}

const sinksOf = async ({ url }: Running) =>
  SinkList.parse(await (await fetch(url + paths.sinks)).json()).sinks;

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

describeWithPgBouncer("a gateway that is killed", () => {
  test("in the middle of a batch: the other one goes on, and nothing is lost, or twice but what was under way", async () => {
    const folder = mkdtempSync(join(tmpdir(), "guarita-killed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const bouncer = await behindPgBouncer();
    onTestFinished(bouncer.stop);
    const [first, second] = [join(folder, "one"), join(folder, "two")];
    const one = await aGateway(first, bouncer.url);
    mkdirSync(second);
    copyFileSync(join(first, "secret.key"), join(second, "secret.key"));
    const two = await aGateway(second, bouncer.url);

    const [held, other] = [anId(), anId()];
    const receiver = await aReceiver(held);
    const newSink = { name: "Head office", everyMs: 0, target: { kind: "http", url: receiver.url } };
    const added = await fetch(one.url + paths.sinks, asJson(newSink));
    const { id } = Sink.parse(await added.json());
    await eventually(async () => expect(await sinksOf(two)).toMatchObject([{ id }])); // and its loop runs

    const of = (camera_id: string) => Array.from({ length: EACH }, () => anEvent({ camera_id }));
    const [begun, behind, free] = [of(held), of(held), of(other)];
    await post(one, begun);
    await eventually(() => expect(receiver.unanswered).not.toEqual([]));
    await kill(one.child);
    const underWay = new Set(receiver.unanswered);

    await post(two, [...behind, ...free]);
    const receiptsOf = (events: EventRecord[]) => events.map(({ receipt_id }) => receipt_id);
    await eventually(() => expect(receiver.received).toEqual(expect.arrayContaining(receiptsOf(free))));
    expect(receiver.received.filter((receipt) => receiptsOf(behind).includes(receipt))).toEqual([]);

    receiver.answerAll();
    const database = await openPostgres(bouncer.url, silentLogger());
    onTestFinished(database.close);
    // the two minutes that a claim lasts
    await sql`update outbox_lanes set claimed_until_ms = 0 where claim is not null`.execute(database.db);
    await eventually(async () =>
      expect((await sinksOf(two))[0]?.ledger).toMatchObject({
        created: 3 * EACH,
        acknowledged: 3 * EACH,
        waiting: 0,
        isBalanced: true,
      }),
    );
    const seen = new Set<string>();
    const twice = receiver.received.filter((receipt) => seen.size === seen.add(receipt).size);
    expect(new Set(twice)).toEqual(underWay);
    const inOrder = [...seen].filter((receipt) => !receiptsOf(free).includes(receipt));
    expect(inOrder).toEqual(receiptsOf([...begun, ...behind]));
  }, 180_000);
});
