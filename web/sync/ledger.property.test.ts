import fc from "fast-check";
import { expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { memoryDevice } from "./database.memory.ts";
import { createEventOutbox } from "./event-outbox.ts";
import { createFlush } from "./flush.ts";
import { type Behaviour, memoryGateway } from "./gateway.memory.ts";
import { createParkedEvents } from "./parked-events.ts";
import { createPostBatch } from "./post-batch.ts";

const DAY_MS = 24 * 3_600_000;

type Step =
  | { kind: "add"; count: number }
  /** A new event together with two that were added before. */
  | { kind: "add_again" }
  | { kind: "flush"; forced: boolean }
  /** The page ends in the middle of a flush, after `posts` batches: nothing of the answer is written. */
  | { kind: "crash_while_flushing"; posts: number }
  /** A person does so with every other parked event. */
  | { kind: "parked"; fate: "retry" | "discard" }
  | { kind: "gateway"; behaviour: Behaviour }
  | { kind: "refusing"; oneIn: number }
  | { kind: "clock"; byMs: number };

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant<Behaviour>({ kind: "answer" }),
  fc.constantFrom<Behaviour>(
    { kind: "unreachable" },
    { kind: "lost_answer" },
    { kind: "half_answer" },
    { kind: "answers_only", count: 1 },
    { kind: "status", status: 503 },
    { kind: "status", status: 413 },
    { kind: "status", status: 401 },
  ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.constant<Step>({ kind: "add_again" }),
  fc.record({ kind: fc.constant("flush" as const), forced: fc.boolean() }),
  fc.record({ kind: fc.constant("crash_while_flushing" as const), posts: fc.integer({ min: 0, max: 2 }) }),
  fc.record({
    kind: fc.constant("parked" as const),
    fate: fc.constantFrom("retry" as const, "discard" as const),
  }),
  fc.record({ kind: fc.constant("gateway" as const), behaviour }),
  fc.record({ kind: fc.constant("refusing" as const), oneIn: fc.integer({ min: 2, max: 9 }) }),
  fc.record({
    kind: fc.constant("clock" as const),
    byMs: fc.constantFrom(1_000, 60_000, 3_600_000, -3_600_000, 8 * DAY_MS),
  }),
);

/** One device and one gateway; every step leaves a balanced ledger, whatever goes wrong in it. */
function world() {
  let nowMs = 1_700_000_000_000;
  const made: string[] = [];
  const refused = new Set<string>();
  const device = memoryDevice();
  const gateway = memoryGateway();
  let db = device.open();
  let outbox = createEventOutbox(db, () => nowMs);
  const signal = new AbortController().signal;
  let behave: Behaviour = { kind: "answer" };
  gateway.refuses = ({ receipt_id }) => refused.has(receipt_id);
  gateway.behave = () => behave;

  function flush(forced: boolean, fetch: typeof globalThis.fetch = gateway.fetch) {
    const post = createPostBatch({ fetch, nowMs: () => nowMs });
    return createFlush({ outbox, post, nowMs: () => nowMs, random: () => 0 })({ forced, signal });
  }

  async function add(count: number, again: string[] = []) {
    const events = Array.from({ length: count }, () => anEvent());
    made.push(...events.map((event) => event.receipt_id));
    await outbox.add([...events, ...again.map((receipt_id) => anEvent({ receipt_id }))]);
  }

  /** After `posts` batches the gateway still takes the batch in, and the page never hears of it. */
  async function crashWhileFlushing(posts: number) {
    let left = posts;
    const running = flush(true, async (path, init) => {
      const response = await gateway.fetch(path, init).catch(() => Response.error());
      if (left > 0) {
        left -= 1;
        return response;
      }
      db.close();
      throw new Error("the page is gone");
    });
    await running.catch(() => {}); // what the dead page still wanted to write fails: that is the crash
    db.close();
    db = device.open();
    outbox = createEventOutbox(db, () => nowMs);
  }

  async function judgeParked(fate: "retry" | "discard"): Promise<void> {
    const judged = createParkedEvents(db, () => nowMs);
    const ids = (await judged.list()).map(({ receiptId }) => receiptId);
    const chosen = ids.filter((_, index) => index % 2 === 0);
    if (fate === "retry") await judged.retry(chosen);
    else await judged.discard(chosen, "not wanted");
  }

  async function take(next: Step): Promise<void> {
    if (next.kind === "add") await add(next.count);
    else if (next.kind === "add_again") await add(1, made.slice(-2));
    else if (next.kind === "flush") await flush(next.forced);
    else if (next.kind === "crash_while_flushing") await crashWhileFlushing(next.posts);
    else if (next.kind === "gateway") behave = next.behaviour;
    else if (next.kind === "parked") await judgeParked(next.fate);
    else if (next.kind === "clock") nowMs += next.byMs;
    else
      for (const [index, id] of made.entries())
        if (index % next.oneIn === 0 && !gateway.stored.has(id)) refused.add(id);
  }

  return {
    take,
    made,
    gateway,
    flush,
    recount: () => outbox.recount(),
    parked: () => db.parked.toArray(),
    outbox: () => outbox,
  };
}

test("whatever happens, the ledger balances and every event is stored, parked or counted as expired", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const run = world();
      for (const next of steps) {
        await run.take(next);
        expect(await run.recount()).toMatchObject({ balanced: true });
      }
      await run.take({ kind: "gateway", behaviour: { kind: "answer" } });
      expect(await run.flush(true)).toEqual({ status: "empty" });

      const { ledger } = await run.recount();
      expect(ledger.waiting).toBe(0);
      expect(ledger.created).toBe(ledger.acknowledged + ledger.parked + ledger.discarded + ledger.expired);
      const kept = new Set([
        ...run.gateway.stored.keys(),
        ...(await run.parked()).map((row) => row.receipt_id),
      ]);
      const missing = run.made.filter((id) => !kept.has(id));
      expect(missing.length).toBeLessThanOrEqual(ledger.expired + ledger.discarded);
    }),
    { numRuns: 100 },
  );
});
