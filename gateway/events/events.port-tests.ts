import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredEvent } from "#contract/events.ts";
import { anEvent, anId } from "#contract/examples.ts";
import type { EventFilter, EventReader } from "./search-events.ts";
import type { InsertNew } from "./store-events.ts";

export type EventStore = EventReader & { insertNew: InsertNew };
/** A new event of this name cannot be queued for delivery. */
export const UNQUEUEABLE = "camera.snapshot";

const aStored = (overrides: Partial<StoredEvent> = {}): StoredEvent => ({
  ...anEvent(),
  received_at: "2026-03-01T12:00:01.000Z",
  ...overrides,
});
const everything: EventFilter = {
  before: null,
  limit: 100,
  event_name: null,
  not_event_name: [],
  camera_id: null,
  from: null,
  to: null,
};

/** What every store of events must do. Each call of `open` opens an empty one. */
export function testEventStore(name: string, open: () => Promise<EventStore>): void {
  const receipts = async (store: EventStore, filter: Partial<EventFilter> = {}) =>
    (await store.find({ ...everything, ...filter })).map(({ event }) => event.receipt_id);

  describe(name, () => {
    test("gives back an event as it was stored", async () => {
      const store = await open();
      const event = aStored({
        camera_id: anId(),
        zone_id: anId(),
        org_id: anId(),
        meta: { note: "ação 🛒" },
      });
      await store.insertNew([event]);
      expect((await store.find(everything)).map((row) => row.event)).toEqual([event]);
    });

    test("gives back batches of events as they were stored, whichever fields they have or share", async () => {
      const store = await open();
      const shared = { store_id: anId(), camera_id: anId(), zone_id: anId(), org_id: anId(), meta: { a: 1 } };
      const anyEvent = fc
        .subarray(Object.keys(shared))
        .map((fields) => Object.fromEntries(fields.map((field) => [field, Reflect.get(shared, field)])))
        .chain((kept) =>
          fc
            .record({ camera_id: fc.uuid(), payload: fc.object() }, { requiredKeys: [] })
            .map((own) => aStored(JSON.parse(JSON.stringify({ ...kept, ...own })))),
        );
      const batch = fc.oneof(
        fc.array(anyEvent, { minLength: 1, maxLength: 20 }),
        anyEvent.map((event) => Array.from({ length: 150 }, () => ({ ...event, receipt_id: anId() }))),
      );
      await fc.assert(
        fc.asyncProperty(batch, async (events) => {
          expect(await store.insertNew(events)).toEqual(events.map(() => true));
          const newest = await store.find({ ...everything, limit: events.length });
          expect(newest.map((row) => row.event).reverse()).toEqual(events);
        }),
        { numRuns: 60 },
      );
    });

    test("stores a receipt once, also within one transaction, and keeps the first event", async () => {
      const store = await open();
      const first = aStored();
      const again = { ...first, ts: "2026-03-01T13:00:00.000Z" };
      expect(await store.insertNew([first, again])).toEqual([true, false]);
      expect(await store.insertNew([again])).toEqual([false]);
      expect((await store.find(everything)).map((row) => row.event)).toEqual([first]);
    });

    test("knows in a long list which events are new, whatever else it holds", async () => {
      const store = await open();
      const known = Array.from({ length: 40 }, () => aStored());
      const fresh = Array.from({ length: 91 }, () => aStored());
      await store.insertNew(known);
      const list = fresh.flatMap((event, i) => [event, ...known.slice(i, i + 1), ...(i % 7 ? [] : [event])]);
      const isNew = await store.insertNew(list);
      expect(list.filter((_, place) => isNew[place])).toEqual(fresh);
      const stored = await receipts(store, { limit: 500 });
      expect(stored.toSorted()).toEqual([...known, ...fresh].map((event) => event.receipt_id).toSorted());
    });

    test("stores nothing of a batch that cannot be queued for delivery, and all of those beside it", async () => {
      const store = await open();
      const kept = aStored();
      const failing = store.insertNew([aStored(), aStored({ event_name: UNQUEUEABLE, payload: {} })]);
      const beside = store.insertNew([kept]);
      await expect(failing).rejects.toThrow();
      expect(await beside).toEqual([true]);
      expect(await receipts(store)).toEqual([kept.receipt_id]);
    });

    test("a list in which nothing is new is answered, and an empty one too", async () => {
      const store = await open();
      const events = [aStored(), aStored()];
      await store.insertNew(events);
      expect(await store.insertNew(events)).toEqual([false, false]);
      expect(await store.insertNew([])).toEqual([]);
    });

    test("a receipt that comes in several lists at once is new in one of them", async () => {
      const store = await open();
      const events = Array.from({ length: 30 }, () => aStored());
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.insertNew(events)));
      for (const place of events.keys()) {
        expect(answers.filter((isNew) => isNew[place])).toHaveLength(1);
      }
      expect(await receipts(store)).toHaveLength(30);
    });

    test("finds newest first, the later stored first among equals, and continues before a place", async () => {
      const store = await open();
      const late = aStored({ ts: "2026-03-01T12:00:09.000Z" });
      const [one, two] = [aStored(), aStored()];
      await store.insertNew([late, one, two]);
      expect(await receipts(store)).toEqual([late.receipt_id, two.receipt_id, one.receipt_id]);
      const page = await store.find({ ...everything, limit: 2 });
      const last = page[1];
      if (!last) throw new Error("two rows were asked for");
      const before = { ts: last.event.ts, seq: last.seq };
      expect(await receipts(store, { before })).toEqual([one.receipt_id]);
    });

    test("filters by name, camera and time, both ends included", async () => {
      const store = await open();
      const camera = anId();
      const early = aStored({ ts: "2026-03-01T11:00:00.000Z", camera_id: camera });
      const noon = aStored({ ts: "2026-03-01T12:00:00.000Z", event_name: "camera.health", payload: {} });
      const late = aStored({ ts: "2026-03-01T13:00:00.000Z" });
      await store.insertNew([early, noon, late]);
      expect(await receipts(store, { camera_id: camera })).toEqual([early.receipt_id]);
      expect(await receipts(store, { event_name: "camera.health" })).toEqual([noon.receipt_id]);
      expect(await receipts(store, { from: noon.ts, to: noon.ts })).toEqual([noon.receipt_id]);
      expect(await receipts(store, { from: noon.ts })).toEqual([late.receipt_id, noon.receipt_id]);
    });

    test("leaves out names, and fills the page with what is left", async () => {
      const store = await open();
      const health = Array.from({ length: 9 }, () => aStored({ event_name: "camera.health", payload: {} }));
      const [queue, idle] = [aStored(), aStored({ event_name: "idle.detected", payload: {} })];
      await store.insertNew([queue, ...health, idle]);
      const not_event_name = ["camera.health", "vision.metrics.v1"];
      expect(await receipts(store, { not_event_name, limit: 2 })).toEqual([
        idle.receipt_id,
        queue.receipt_id,
      ]);
      expect(await receipts(store, { not_event_name, event_name: "camera.health" })).toEqual([]);
      expect(await receipts(store, { not_event_name: ["idle.detected"], limit: 500 })).toHaveLength(10);
    });

    test("what is left after leaving out names is in order over all names, and continues before a place", async () => {
      const store = await open();
      const names = ["queue.detected", "camera.health", "idle.detected", "compliance.detected"] as const;
      const events = Array.from({ length: 40 }, (_, i) =>
        aStored({
          event_name: names[i % 4] ?? "queue.detected",
          payload: {},
          ts: `2026-03-01T12:00:${10 + (i % 7)}.000Z`,
        }),
      );
      await store.insertNew(events);
      const not_event_name = ["camera.health"];
      const all = (await receipts(store)).filter(
        (id) => events.find((event) => event.receipt_id === id)?.event_name !== "camera.health",
      );
      const paged: string[] = [];
      for (let before: EventFilter["before"] = null; ; ) {
        const page = await store.find({ ...everything, not_event_name, before, limit: 7 });
        const last = page.at(-1);
        if (!last) break;
        paged.push(...page.map(({ event }) => event.receipt_id));
        before = { ts: last.event.ts, seq: last.seq };
      }
      expect(paged).toEqual(all);
      expect(paged).toHaveLength(30);
    });
  });
}
