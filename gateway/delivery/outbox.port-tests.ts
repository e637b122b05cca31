import { beforeEach, describe, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent, anId } from "#contract/examples.ts";
import { SinkChange } from "#contract/sinks.ts";
import type { KnownSink, SinkStore } from "./manage-sinks.ts";
import type { Claim, ClaimedEvent, Counters, DeliveryStore, Outcome, Refusal } from "./outbox.ts";

export type DeliveryUnderTest = DeliveryStore & {
  sinks: SinkStore;
  /** Stores new events, and queues them for the sinks that want them, in one transaction: as ingest does. */
  store(events: EventRecord[]): Promise<void>;
  /** Another gateway on the same database, where there may be one. */
  other?: DeliveryStore;
};
/** `clock.nowMs` is the time that everything goes by. Each call opens an empty database. */
export type OpenDelivery = (clock: { nowMs: number }) => Promise<DeliveryUnderTest>;

export const A_RHYTHM = { everyMs: 60_000, batchEvents: 200, retentionDays: 7 };
export const SOME_RESTS = { firstMs: 1_000, maxMs: 300_000, maxFailures: 5, openMs: 60_000 };

export const aSink = (overrides: Partial<KnownSink> = {}): KnownSink => {
  const target = { kind: "http", url: "http://127.0.0.1:9/events" };
  const { secrets: _, ...common } = SinkChange.parse({ name: "Head office", ...A_RHYTHM, target });
  return { ...common, id: anId(), isPaused: false, secrets: {}, createdAtMs: 1_000, ...overrides };
};

const SIZE = { limit: 100, maxBytes: 1_000_000, claimMs: 60_000 };
export const aRefusal: Refusal = {
  code: "http_400",
  reason: "no such field",
  request: "{}",
  answer: "400 ação",
};

const acknowledged = (claimed: ClaimedEvent): Outcome => ({ claimed, outcome: "acknowledged" });
const parked = (claimed: ClaimedEvent): Outcome => ({ claimed, outcome: "parked", refusal: aRefusal });
const retried = (claimed: ClaimedEvent, dueAtMs: number): Outcome => ({ claimed, outcome: "retry", dueAtMs });
const receiptsOf = (claim: Claim | null) => claim?.events.map(({ event }) => event.receipt_id) ?? [];
const idsOf = (events: EventRecord[]) => events.map((event) => event.receipt_id);

/** What a database must do for delivery. */
export function testDeliveryStore(name: string, open: OpenDelivery): void {
  describe(name, () => {
    let clock: { nowMs: number };
    let store: DeliveryUnderTest;
    let sink: KnownSink;
    beforeEach(async () => {
      clock = { nowMs: 1_000_000 };
      store = await open(clock);
      sink = aSink();
      await store.sinks.insert(sink);
    });

    const claim = (size: Partial<typeof SIZE> = {}) => store.outbox.claim(sink.id, { ...SIZE, ...size });
    const mustClaim = async (size: Partial<typeof SIZE> = {}): Promise<Claim> => {
      const taken = await claim(size);
      if (!taken) throw new Error("nothing was due");
      return taken;
    };
    const settleAll = (taken: Claim, of: (claimed: ClaimedEvent) => Outcome) =>
      store.outbox.settle(taken, taken.events.map(of), "done");
    async function expectLedger(expected: Partial<Counters & { waiting: number }>): Promise<void> {
      const { counters, rows } = await store.outbox.recount(sink.id);
      expect(await store.outbox.counters(sink.id)).toEqual(counters);
      const { created, acknowledged, parked, discarded, expired } = counters;
      expect(rows).toEqual({ waiting: created - acknowledged - parked - discarded - expired, parked });
      expect({ ...counters, waiting: rows.waiting }).toMatchObject(expected);
    }

    describe("sinks", () => {
      test("are given back as they were stored, in the order of making", async () => {
        const late = aSink({
          createdAtMs: 9_000,
          isPaused: true,
          eventNames: ["camera.health", "queue.detected"],
          secrets: { hmacKey: "ação" },
          everyMs: 0,
        });
        const early = aSink({ createdAtMs: 10, isEnabled: false });
        await store.sinks.insert(late);
        await store.sinks.insert(early);
        expect(await store.sinks.all()).toEqual([early, sink, late]);
        const changed = { ...late, name: "Hub", eventNames: null, secrets: {}, isPaused: false };
        await store.sinks.replace(changed);
        expect(await store.sinks.all()).toEqual([early, sink, changed]);
      });

      test("leave nothing behind when they are removed", async () => {
        const [one, two] = [anEvent(), anEvent()];
        await store.store([one, two]);
        const taken = await mustClaim({ limit: 1 });
        await settleAll(taken, parked);
        await store.notes(sink.id).set("a", "b");
        await store.cameraBook.put(sink.id, { cameraId: anId(), version: 1, digest: "x" });
        await store.sinks.remove(sink.id);
        expect(await store.sinks.all()).toEqual([]);
        await store.sinks.insert(sink);
        await expectLedger({ created: 0, waiting: 0, parked: 0, lastSuccessAtMs: null });
        expect(await claim()).toBeNull();
        expect(await store.notes(sink.id).get("a")).toBeNull();
        expect(await store.cameraBook.all(sink.id)).toEqual([]);
        expect(await store.deadLetter.page(sink.id, { before: null, limit: 9 })).toEqual([]);
      });
    });

    describe("queueing", () => {
      test("gives each enabled sink the events whose names it asked for, each once", async () => {
        const health = aSink({ eventNames: ["camera.health", "camera.snapshot"] });
        const off = aSink({ isEnabled: false });
        const paused = aSink({ isPaused: true });
        for (const other of [health, off, paused]) await store.sinks.insert(other);
        const queue = anEvent();
        const ofHealth = anEvent({ event_name: "camera.health", payload: {} });
        await store.store([queue, ofHealth, queue]);
        await store.store([ofHealth]);
        expect(receiptsOf(await claim())).toEqual(idsOf([queue, ofHealth]));
        expect(receiptsOf(await store.outbox.claim(health.id, SIZE))).toEqual([ofHealth.receipt_id]);
        expect(await store.outbox.claim(off.id, SIZE)).toBeNull();
        const created = async (id: string) => (await store.outbox.counters(id)).created;
        expect([await created(sink.id), await created(health.id), await created(off.id)]).toEqual([2, 1, 0]);
        expect(await created(paused.id)).toBe(2);
      });

      test("a sink gets what is stored after it was made, changed or enabled", async () => {
        const later = aSink({ isEnabled: false });
        await store.sinks.insert(later);
        await store.store([anEvent()]);
        await store.sinks.replace({ ...later, isEnabled: true });
        const second = anEvent();
        await store.store([second]);
        expect(receiptsOf(await store.outbox.claim(later.id, SIZE))).toEqual([second.receipt_id]);
      });

      test("an event is given as it was stored, whichever fields it has", async () => {
        const full = anEvent({ camera_id: anId(), zone_id: anId(), org_id: anId(), meta: { note: "ação" } });
        const { payload: _, ...bare } = anEvent();
        await store.store([full, bare]);
        expect((await mustClaim()).events.map(({ event }) => event)).toEqual([full, bare]);
      });
    });

    describe("claims", () => {
      test("take the oldest up to the limit, and nothing twice", async () => {
        const events = Array.from({ length: 5 }, () => anEvent());
        await store.store(events);
        const first = await mustClaim({ limit: 3 });
        expect(receiptsOf(first)).toEqual(idsOf(events.slice(0, 3)));
        expect(first.isAll).toBe(false);
        expect(await claim()).toBeNull(); // the lane is taken
        await settleAll(first, acknowledged);
        const rest = await mustClaim({ limit: 2 });
        expect(receiptsOf(rest)).toEqual(idsOf(events.slice(3)));
        expect(rest.isAll).toBe(true);
        await expectLedger({ created: 5, acknowledged: 3, waiting: 2, lastSuccessAtMs: clock.nowMs });
      });

      test("say whether something due was left behind, also of cameras they did not come to", async () => {
        await store.store([1, 2, 3].map(() => anEvent({ camera_id: anId() })));
        const two = await mustClaim({ limit: 2 });
        expect([two.events.length, two.isAll]).toEqual([2, false]);
        const last = await mustClaim({ limit: 2 });
        expect([last.events.length, last.isAll]).toEqual([1, true]);
      });

      test("hold no more bytes than allowed, but always one event", async () => {
        const big = () => anEvent({ payload: { text: "x".repeat(600) } });
        await store.store([big(), big(), big()]);
        const two = await mustClaim({ maxBytes: 1_500 });
        expect([two.events.length, two.isAll]).toEqual([2, false]);
        await store.outbox.settle(two, [], "done");
        expect((await mustClaim({ maxBytes: 10 })).events).toHaveLength(1);
      });

      test("take whole cameras: others may be claimed meanwhile, a taken one's later events not", async () => {
        const [a, b] = [anId(), anId()];
        const ofA = [anEvent({ camera_id: a }), anEvent({ camera_id: a })];
        const ofB = anEvent({ camera_id: b });
        await store.store(ofA);
        clock.nowMs += 1;
        await store.store([ofB]);
        const first = await mustClaim({ limit: 1 });
        expect(receiptsOf(first)).toEqual([ofA[0]?.receipt_id]);
        expect(receiptsOf(await claim())).toEqual([ofB.receipt_id]);
        await settleAll(first, acknowledged);
        expect(receiptsOf(await claim())).toEqual([ofA[1]?.receipt_id]);
      });

      test("are sorted by the order of storing over all cameras", async () => {
        const cameras = [anId(), anId(), anId()];
        const events = Array.from({ length: 30 }, (_, i) =>
          anEvent({ camera_id: cameras[(i * 7) % 3] ?? "" }),
        );
        await store.store(events);
        expect(receiptsOf(await claim())).toEqual(idsOf(events));
      });

      test("a camera with many events waiting does not keep the others from their turn", async () => {
        const [busy, quiet] = [anId(), anId()];
        await store.store(Array.from({ length: 50 }, () => anEvent({ camera_id: busy })));
        clock.nowMs += 1_000;
        const one = anEvent({ camera_id: quiet });
        await store.store([one]);
        clock.nowMs += 1;
        const first = await mustClaim({ limit: 10 });
        await settleAll(first, acknowledged);
        expect(receiptsOf(await claim({ limit: 10 }))).toContain(one.receipt_id);
      });

      test("a claim that ends gives back what was not settled, in order", async () => {
        const events = [anEvent(), anEvent(), anEvent()];
        await store.store(events);
        const taken = await mustClaim();
        const [first] = taken.events;
        if (!first) throw new Error("three events were claimed");
        expect(await store.outbox.settle(taken, [acknowledged(first)], "more")).toBe(1);
        expect(await claim()).toBeNull();
        expect(await store.outbox.settle(taken, [], "done")).toBe(0);
        const again = await mustClaim();
        expect(receiptsOf(again)).toEqual(idsOf(events.slice(1)));
        expect(again.events.map(({ attempts }) => attempts)).toEqual([0, 0]);
      });

      test("a claim whose holder died is free after its time, and its holder can settle nothing any more", async () => {
        const event = anEvent();
        await store.store([event]);
        const dead = await mustClaim({ claimMs: 5_000 });
        clock.nowMs += 4_999;
        expect(await claim()).toBeNull();
        clock.nowMs += 1;
        const heir = await mustClaim();
        expect(receiptsOf(heir)).toEqual([event.receipt_id]);
        expect(await settleAll(dead, parked)).toBe(0);
        await expectLedger({ waiting: 1, parked: 0, acknowledged: 0 });
        expect(await settleAll(heir, acknowledged)).toBe(1);
        expect(await settleAll(heir, acknowledged)).toBe(0);
        await expectLedger({ waiting: 0, acknowledged: 1 });
      });

      test("settling some of a claim lets the rest of it live on", async () => {
        await store.store([anEvent(), anEvent()]);
        const taken = await mustClaim({ claimMs: 5_000 });
        clock.nowMs += 4_000;
        await store.outbox.settle(taken, taken.events.slice(0, 1).map(acknowledged), "more");
        clock.nowMs += 4_000;
        expect(await claim()).toBeNull();
        expect(await store.outbox.settle(taken, taken.events.slice(1).map(acknowledged), "done")).toBe(1);
      });

      test("a sink's claim and outcomes are its own", async () => {
        const second = aSink();
        await store.sinks.insert(second);
        const event = anEvent();
        await store.store([event]);
        await settleAll(await mustClaim(), acknowledged);
        expect(receiptsOf(await store.outbox.claim(second.id, SIZE))).toEqual([event.receipt_id]);
        expect((await store.outbox.counters(second.id)).acknowledged).toBe(0);
      });

      test("two gateways on one database never get the same event, and each camera stays in order", async () => {
        const { other } = store;
        if (!other) return;
        const cameras = Array.from({ length: 8 }, anId);
        const events = Array.from({ length: 200 }, (_, i) => anEvent({ camera_id: cameras[i % 8] ?? "" }));
        await store.store(events);
        const seen: EventRecord[] = [];
        const drain = async (outbox: DeliveryStore["outbox"]) => {
          for (let empty = 0; empty < 20; ) {
            const taken = await outbox.claim(sink.id, { ...SIZE, limit: 7 });
            if (!taken) {
              empty += 1;
              continue;
            }
            seen.push(...taken.events.map(({ event }) => event));
            await outbox.settle(taken, taken.events.map(acknowledged), "done");
          }
        };
        await Promise.all([drain(store.outbox), drain(other.outbox)]);
        await drain(store.outbox);
        expect(idsOf(seen).toSorted()).toEqual(idsOf(events).toSorted());
        for (const camera of cameras) {
          const inOrder = (list: EventRecord[]) => idsOf(list.filter((event) => event.camera_id === camera));
          expect(inOrder(seen)).toEqual(inOrder(events));
        }
        await expectLedger({ created: 200, acknowledged: 200, waiting: 0 });
      });
    });

    describe("retries", () => {
      test("an event that waits holds back later ones of its camera, and no other", async () => {
        const [a, b] = [anId(), anId()];
        const first = anEvent({ camera_id: a });
        await store.store([first]);
        await settleAll(await mustClaim(), (one) => retried(one, clock.nowMs + 30_000));
        const [later, other] = [anEvent({ camera_id: a }), anEvent({ camera_id: b })];
        await store.store([later, other]);
        const ofOther = await mustClaim();
        expect(receiptsOf(ofOther)).toEqual([other.receipt_id]);
        await settleAll(ofOther, acknowledged);
        expect(await store.outbox.nextDueAtMs(sink.id)).toBe(clock.nowMs + 30_000);
        clock.nowMs += 30_000;
        const due = await mustClaim();
        expect(receiptsOf(due)).toEqual(idsOf([first, later]));
        expect(due.events.map(({ attempts }) => attempts)).toEqual([1, 0]);
        await settleAll(due, acknowledged);
        expect(await store.outbox.nextDueAtMs(sink.id)).toBeNull();
      });

      test("of several waits of a camera the longest counts", async () => {
        await store.store([anEvent(), anEvent()]);
        const [longer, shorter] = [clock.nowMs + 15_000, clock.nowMs + 10_000];
        const taken = await mustClaim();
        const dueOf = (one: ClaimedEvent) => (one === taken.events[0] ? longer : shorter);
        await settleAll(taken, (one) => retried(one, dueOf(one)));
        clock.nowMs += 14_999;
        expect(await claim()).toBeNull();
        clock.nowMs += 1;
        expect((await mustClaim()).events).toHaveLength(2);
      });

      test("after a new start nothing waits for its time", async () => {
        const event = anEvent();
        await store.store([event]);
        await settleAll(await mustClaim(), (one) => retried(one, clock.nowMs + 30_000));
        clock.nowMs -= 3_600_000; // as after a clock was put right
        expect(await claim()).toBeNull();
        await store.outbox.startOver(sink.id);
        expect(receiptsOf(await claim())).toEqual([event.receipt_id]);
      });
    });

    describe("retention", () => {
      test("gives up what is too old, also behind a wait, never what is claimed or young", async () => {
        const [a, b] = [anId(), anId()];
        await store.store([anEvent({ camera_id: a }), anEvent({ camera_id: a })]);
        clock.nowMs += 1;
        await store.store([anEvent({ camera_id: b })]);
        const ofA = await mustClaim({ limit: 1 });
        clock.nowMs += 10_000;
        const young = anEvent({ camera_id: b });
        await store.store([young]);
        expect(await store.outbox.expire(sink.id, clock.nowMs - 5_000)).toBe(1);
        await settleAll(ofA, (one) => retried(one, clock.nowMs + 30_000));
        expect(await store.outbox.expire(sink.id, clock.nowMs - 5_000)).toBe(2);
        expect(await store.outbox.expire(sink.id, clock.nowMs - 5_000)).toBe(0);
        expect(receiptsOf(await claim())).toEqual([young.receipt_id]);
        await expectLedger({ created: 4, expired: 3, waiting: 1 });
        expect((await store.outbox.recount(sink.id)).oldestAtMs).toBe(clock.nowMs);
      });

      test("gives up any number, some at a time", async () => {
        const events = Array.from({ length: 3_000 }, () => anEvent());
        for (let i = 0; i < events.length; i += 500) await store.store(events.slice(i, i + 500));
        let total = 0;
        for (let gone = 1; gone > 0; total += gone)
          gone = await store.outbox.expire(sink.id, clock.nowMs + 1);
        expect(total).toBe(3_000);
        await expectLedger({ created: 3_000, expired: 3_000, waiting: 0 });
      });
    });

    describe("the dead letter", () => {
      async function parkThree(): Promise<EventRecord[]> {
        const events = [anEvent(), anEvent(), anEvent()];
        await store.store(events);
        await settleAll(await mustClaim(), parked);
        return events;
      }
      const page = (before: number | null = null, limit = 10) =>
        store.deadLetter.page(sink.id, { before, limit });

      test("shows what was refused and why, the latest first, page by page", async () => {
        const events = await parkThree();
        const all = await page();
        expect(all.map(({ event }) => event)).toEqual(events.toReversed());
        expect(all[0]).toMatchObject({ ...aRefusal, attempts: 1, parkedAtMs: clock.nowMs });
        const [first] = await page(null, 1);
        expect(await page(first?.seq ?? 0)).toEqual(all.slice(1));
        await expectLedger({ created: 3, parked: 3, waiting: 0 });
      });

      test("an event that is retried goes back to its place before later ones of its camera", async () => {
        const events = await parkThree();
        const later = anEvent();
        await store.store([later]);
        const [newest, middle] = await page();
        expect(await store.deadLetter.retry(sink.id, [newest?.seq ?? 0, middle?.seq ?? 0, 987_654])).toBe(2);
        expect(receiptsOf(await claim())).toEqual(idsOf([...events.slice(1), later]));
        await expectLedger({ created: 4, parked: 1, waiting: 3 });
      });

      test("all of them can be retried or given up at once, those of other sinks stay", async () => {
        const second = aSink();
        await store.sinks.insert(second);
        await parkThree();
        const theirs = await store.outbox.claim(second.id, SIZE);
        if (!theirs) throw new Error("three events were queued");
        await store.outbox.settle(theirs, theirs.events.map(parked), "done");
        expect(await store.deadLetter.discard(second.id, "all", "of a test")).toBe(3);
        expect(await store.deadLetter.discard(second.id, "all", "of a test")).toBe(0);
        expect(await store.outbox.counters(second.id)).toMatchObject({ parked: 0, discarded: 3 });
        expect(await store.deadLetter.retry(sink.id, "all")).toBe(3);
        await expectLedger({ created: 3, parked: 0, waiting: 3 });
      });

      test("a correction is what this sink is sent from then on, and no other", async () => {
        const second = aSink();
        await store.sinks.insert(second);
        const [event] = await parkThree();
        const parkedEvent = (await page()).at(-1);
        if (!event || !parkedEvent) throw new Error("three events were parked");
        const correction = { payload: { right: true } };
        const corrected = await store.deadLetter.correct(sink.id, parkedEvent.seq, correction);
        expect(corrected).toEqual({ ...parkedEvent, event: { ...event, ...correction } });
        expect((await page()).at(-1)).toEqual(corrected);
        const again = { payload: { right: 2 }, meta: { by: "a person" } };
        await store.deadLetter.correct(sink.id, parkedEvent.seq, again);
        await store.deadLetter.retry(sink.id, [parkedEvent.seq]);
        expect((await mustClaim()).events[0]?.event).toEqual({ ...event, ...again });
        expect((await store.outbox.claim(second.id, SIZE))?.events[0]?.event).toEqual(event);
        expect(await store.deadLetter.correct(sink.id, parkedEvent.seq, correction)).toBeNull();
      });
    });

    describe("small facts", () => {
      test("notes are each sink's own", async () => {
        const second = aSink();
        await store.sinks.insert(second);
        const notes = store.notes(sink.id);
        await notes.set("a", "1");
        await notes.set("a", "2");
        expect([await notes.get("a"), await notes.get("b"), await store.notes(second.id).get("a")]).toEqual([
          "2",
          null,
          null,
        ]);
        await notes.delete("a");
        await notes.delete("a");
        expect(await notes.get("a")).toBeNull();
      });

      test("notes that were not set again for long are forgotten, each sink's by itself", async () => {
        const second = aSink();
        await store.sinks.insert(second);
        const notes = store.notes(sink.id);
        await notes.set("old", "1");
        await notes.set("set again", "1");
        await store.notes(second.id).set("old", "1");
        clock.nowMs += 5_001;
        await notes.set("set again", "2");
        expect(await store.forgetNotes(sink.id, 5_001)).toBe(0);
        expect(await store.forgetNotes(sink.id, 5_000)).toBe(1);
        expect([await notes.get("old"), await notes.get("set again")]).toEqual([null, "2"]);
        expect(await store.notes(second.id).get("old")).toBe("1");
      });

      test("what a parked event may need stays noted until that event is settled", async () => {
        const notes = store.notes(sink.id);
        await notes.set("older than any", "1");
        clock.nowMs += 10_000;
        await notes.set("needed", "1");
        await store.store([anEvent()]);
        await settleAll(await mustClaim(), parked);
        clock.nowMs += 1_000_000;
        expect(await store.forgetNotes(sink.id, 5_000)).toBe(1);
        expect(await notes.get("needed")).toBe("1");
        await store.deadLetter.discard(sink.id, "all", "of a test");
        expect(await store.forgetNotes(sink.id, 5_000)).toBe(1);
        expect(await notes.get("needed")).toBeNull();
      });

      test("what was told of cameras is kept, the last of each", async () => {
        const [a, b] = [anId(), anId()];
        await store.cameraBook.put(sink.id, { cameraId: a, version: 1, digest: "x" });
        await store.cameraBook.put(sink.id, { cameraId: b, version: 1, digest: "y" });
        await store.cameraBook.put(sink.id, { cameraId: a, version: 2, digest: null });
        expect(await store.cameraBook.all(sink.id)).toEqual([
          { cameraId: a, version: 2, digest: null },
          { cameraId: b, version: 1, digest: "y" },
        ]);
        await store.cameraBook.put("another sink", { cameraId: a, version: 1, digest: "x" });
        await store.cameraBook.forget(sink.id);
        expect(await store.cameraBook.all(sink.id)).toEqual([]);
        expect(await store.cameraBook.all("another sink")).toHaveLength(1);
      });
    });
  });
}
