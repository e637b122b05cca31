import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent, anId } from "#contract/examples.ts";
import { aDelivery, type TestDelivery } from "./harness.memory.ts";
import { balances, waitingOf } from "./ledgers.ts";
import type { KnownSink } from "./manage-sinks.ts";
import { aSink } from "./outbox.port-tests.ts";
import type { DeliveryStore } from "./outbox.ts";
import { ACKNOWLEDGED, allAcknowledged, failed, NOT_NOW, REFUSED } from "./sink.memory.ts";
import type { Delivered, SendResult } from "./sink.ts";

/** What a receiver does with an event; chosen by the event's place in its call. */
const anAnswer = fc.constantFrom<Delivered>(
  ACKNOWLEDGED,
  NOT_NOW,
  { ...NOT_NOW, retryAfterMs: 20_000 },
  { outcome: "refused", ...REFUSED },
);
const aBehaviour = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "well" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("each" as const),
      answers: fc.array(anAnswer, { minLength: 1, maxLength: 7 }),
      /** A larger batch is refused as a whole. */
      mostEvents: fc.integer({ min: 1, max: 5 }),
    }),
  },
  fc.constantFrom(
    { kind: "refuses" } as const, // any batch, down to the single event
    { kind: "fails" } as const,
    { kind: "throws" } as const,
    { kind: "hangs" } as const,
    { kind: "answers too little" } as const,
  ),
);
type Behaviour = typeof aBehaviour extends fc.Arbitrary<infer T> ? T : never;

const aStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("store" as const),
      cameras: fc.array(fc.nat(3), { maxLength: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("behave" as const), how: aBehaviour }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  },
  fc.record({ do: fc.constant("expire" as const), olderThanMs: fc.integer({ min: 0, max: 60_000 }) }),
  fc.record({ do: fc.constant("jump" as const), ms: fc.integer({ min: -4_000_000, max: 4_000_000 }) }),
  fc.constantFrom(
    { do: "crash" } as const,
    { do: "pause" } as const,
    { do: "go on" } as const,
    { do: "retry parked" } as const,
    { do: "discard parked" } as const,
  ),
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

async function answerAs(how: Behaviour, events: EventRecord[]): Promise<SendResult> {
  if (how.kind === "well") return allAcknowledged(events);
  if (how.kind === "each") {
    if (events.length > how.mostEvents) return { kind: "refused", ...REFUSED };
    return {
      kind: "each",
      answers: events.map((_, i) => how.answers[i % how.answers.length] ?? ACKNOWLEDGED),
    };
  }
  if (how.kind === "refuses") return { kind: "refused", ...REFUSED };
  if (how.kind === "throws") throw new Error("a bug of the sink");
  if (how.kind === "hangs") return new Promise(() => {});
  if (how.kind === "answers too little") return { kind: "each", answers: [] };
  return failed();
}

/** A gateway that dies: from then on nothing it began comes to an end, as after kill -9. */
function mortal(store: DeliveryStore) {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const outbox = Object.fromEntries(
    Object.entries(store.outbox).map(([name, call]) => [
      name,
      // every function of the port answers a promise
      (...args: never[]) => (isDead ? never : (call as (...given: never[]) => Promise<unknown>)(...args)),
    ]),
  ) as DeliveryStore["outbox"];
  return {
    store: { ...store, outbox },
    die(): void {
      isDead = true;
    },
  };
}

/** Runs the steps, and checks after each of them; then all is well for a while, and everything must have arrived. */
async function play(delivery: TestDelivery, sink: KnownSink, steps: Step[]): Promise<void> {
  const cameras = [undefined, anId(), anId(), anId()];
  const receiver = delivery.receiver(sink);
  const { outbox, deadLetter } = delivery.store;
  const lane = delivery.database.raw
    .prepare<[string, string], string>(
      `select receipt_id from outbox join outbox_lanes on no = lane_no join events on seq = event_seq
       where sink_id = ? and outbox_lanes.camera_id = ? order by event_seq`,
    )
    .pluck();
  const acknowledged = new Set<string>();
  const wrong: string[] = []; // what is thrown in a receiver is its sink's own trouble
  let how: Behaviour = { kind: "well" };
  let isPaused = false;
  let created = 0;

  receiver.behave(async (events) => {
    for (const camera of new Set(events.map((event) => event.camera_id))) {
      const sent = events.filter((event) => event.camera_id === camera).map((event) => event.receipt_id);
      const oldest = lane.all(sink.id, camera ?? "").slice(0, sent.length);
      if (String(oldest) !== String(sent)) wrong.push(`sent ${sent} before ${oldest}`);
    }
    for (const { receipt_id } of events) if (acknowledged.has(receipt_id)) wrong.push(`${receipt_id} again`);
    return answerAs(how, events);
  });
  const settle = outbox.settle;
  outbox.settle = async (claim, outcomes, next) => {
    const count = await settle(claim, outcomes, next);
    if (count === outcomes.length) {
      for (const { outcome, claimed } of outcomes) {
        if (outcome === "acknowledged") acknowledged.add(claimed.event.receipt_id);
      }
    }
    return count;
  };
  let life = mortal(delivery.store);
  const run = () => delivery.restart(life.store);
  await run().apply(sink);

  const take: { [Name in Step["do"]]: (step: Extract<Step, { do: Name }>) => Promise<unknown> | unknown } = {
    store(step) {
      created += step.cameras.length;
      delivery.storeEvents(
        step.cameras.map((place) => {
          const camera_id = cameras[place];
          return anEvent(camera_id === undefined ? {} : { camera_id });
        }),
      );
    },
    behave(step) {
      how = step.how;
    },
    wait: (step) => delivery.advance(step.ms),
    async expire(step) {
      await delivery.advance(0); // the same: a claim that a jump of the clock ended may expire on its way
      await outbox.expire(sink.id, delivery.clock.nowMs() - step.olderThanMs);
    },
    jump: (step) => delivery.jump(step.ms),
    async crash() {
      life.die();
      life = mortal(delivery.store);
      await run().apply({ ...sink, isPaused });
    },
    async pause() {
      isPaused = true;
      await Promise.all([delivery.run().apply({ ...sink, isPaused }), delivery.advance(2_000)]);
    },
    async "go on"() {
      isPaused = false;
      await Promise.all([delivery.run().apply(sink), delivery.advance(2_000)]);
    },
    async "retry parked"() {
      await delivery.advance(0); // what is claimed by now is on its way, before what comes back
      await deadLetter.retry(sink.id, "all");
    },
    "discard parked": () => deadLetter.discard(sink.id, "all", "of a test"),
  };
  const takeStep = async (step: Step) => (take[step.do] as (step: Step) => unknown)(step); // each under its own name

  for (const step of steps) {
    await takeStep(step);
    expect(wrong).toEqual([]);
    const found = await outbox.recount(sink.id);
    expect(balances(found)).toBe(true);
    expect(found.counters.created).toBe(created);
    expect(found.counters.acknowledged).toBe(acknowledged.size);
  }
  how = { kind: "well" };
  await takeStep({ do: "go on" });
  await takeStep({ do: "retry parked" });
  await delivery.advance(7_200_000);
  expect(wrong).toEqual([]);
  const { counters } = await outbox.recount(sink.id);
  expect([waitingOf(counters), counters.parked]).toEqual([0, 0]);
  expect(counters.created).toBe(counters.acknowledged + counters.discarded + counters.expired);
}

test("whatever happens, the ledger balances, each camera stays in order, and nothing is sent again that is settled", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 25 }), async (steps) => {
      const delivery = await aDelivery();
      try {
        const sink = aSink({ everyMs: 1_000, batchEvents: 5 });
        await delivery.sinks.insert(sink);
        await play(delivery, sink, steps);
      } finally {
        await delivery.close();
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
