import Dexie, { type EntityTable } from "dexie";
import { z } from "zod";
import { EventRecord } from "#contract/events.ts";
import { WatchState } from "./camera-watch.ts";

/** What is kept of a camera, and when by this machine's clock. */
const KeptWatch = z.object({ cameraId: z.string(), savedAtMs: z.number(), state: WatchState });
export type KeptWatch = z.infer<typeof KeptWatch>;

const KeptEvent = z.object({ order: z.number(), event: EventRecord });
/** How a model is run on this device, found out once. */
const DeviceChoice = z.object({
  executionProvider: z.enum(["wasm", "webgpu"]),
  /** Sessions of one thread, each in a worker. */
  sessions: z.int().positive(),
  /** The longer side of the network's input. */
  longestPx: z.int().positive(),
  /** All sessions together; null where it could not be measured. */
  picturesPerSecond: z.number().nullable(),
});
export type DeviceChoice = z.infer<typeof DeviceChoice>;
export type ExecutionProvider = DeviceChoice["executionProvider"];

/** What the station must still know after a reload or a crash. */
export type StationMemory = {
  load(): Promise<{ watches: KeptWatch[]; events: EventRecord[] }>;
  /** One transaction: a state is never on disk without the events it gave birth to, nor they without it. */
  keep(watches: KeptWatch[], events: EventRecord[]): Promise<void>;
  forgetWatch(cameraId: string): Promise<void>;
  /** These events are safe elsewhere. */
  confirm(receiptIds: string[]): Promise<void>;
  /** Of this device and a model; null before the first run. */
  choice(key: string): Promise<DeviceChoice | null>;
  choose(key: string, choice: DeviceChoice): Promise<void>;
};

export class VisionDb extends Dexie {
  declare watches: EntityTable<KeptWatch, "cameraId">;
  declare events: EntityTable<{ order: number; receiptId: string; event: EventRecord }, "order">;
  declare choices: EntityTable<DeviceChoice & { key: string }, "key">;
  /** What is kept for one store is no business of another's. */
  constructor(name: string) {
    // The events in it are promises; the outbox that takes them over is strict as well.
    super(name, { chromeTransactionDurability: "strict" });
    this.version(1).stores({ watches: "cameraId", events: "++order, receiptId", choices: "key" });
  }
}

/** Rows of an older version that no longer fit are left out: a station that starts is worth more than they are. */
export function createStationMemory(db: VisionDb): StationMemory {
  return {
    async load() {
      const [watches, events] = await Promise.all([
        db.watches.toArray(),
        db.events.orderBy("order").toArray(),
      ]);
      return {
        watches: watches.flatMap((row) => KeptWatch.safeParse(row).data ?? []),
        events: events.flatMap((row) => KeptEvent.safeParse(row).data?.event ?? []),
      };
    },
    async keep(watches, events) {
      await db.transaction("rw", db.watches, db.events, async () => {
        await db.watches.bulkPut(watches);
        await db.events.bulkAdd(events.map((event) => ({ receiptId: event.receipt_id, event })));
      });
    },
    forgetWatch: (cameraId) => db.watches.delete(cameraId),
    async confirm(receiptIds) {
      await db.events.where("receiptId").anyOf(receiptIds).delete();
    },
    choice: async (key) => DeviceChoice.safeParse(await db.choices.get(key)).data ?? null,
    choose: async (key, choice) => {
      await db.choices.put({ key, ...choice });
    },
  };
}
