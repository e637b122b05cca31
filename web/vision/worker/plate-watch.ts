import type { Picture } from "../detector.ts";
import { createLazyPlateReader } from "../plates/lazy-plate-reader.ts";
import { listingOf } from "../plates/plate-listing.ts";
import { dayAt, validOn } from "../plates/plate-match.ts";
import type { PlateReader } from "../plates/plate-reader.ts";
import { createPlateStage, type Passage, type ToldPlate } from "../plates/plate-stage.ts";
import type { PlateFacts, PlateModels, SeenObject } from "../station.ts";
import { groupOf } from "./objects.ts";
import type { SeenPlate } from "./rules/plate-rules.ts";

export type PlateWatchDeps = {
  openReader(models: PlateModels): Promise<PlateReader & { close(): void }>;
  wantsPlates(cameraId: string): boolean;
  toldPlates(cameraId: string): ToldPlate[];
  setToldPlates(cameraId: string, told: ToldPlate[]): void;
  /** Once for a vehicle's passage; `picture` is the best one of it. */
  onPlate(cameraId: string, seen: SeenPlate, picture: Picture): void;
  /** Of the shop; null while that is not known. */
  timeZone(): string | null;
  nowMs(): number;
  onTrouble(what: string, cause: unknown): void;
};

/** Reads the plates of vehicles that the tracker follows, beside the station's own work. */
export function createPlateWatch(deps: PlateWatchDeps) {
  const reading = new Set<string>();
  let facts: PlateFacts = { models: null, known: null };
  let reader = lazyReader();
  const stage = createPlateStage({
    reader: { read: (...asked) => reader.read(...asked) },
    onTrouble: (cause) => deps.onTrouble("plates could not be read", cause),
  });

  function lazyReader() {
    return createLazyPlateReader({
      async open() {
        if (!facts.models) throw new Error("the plate models are not here");
        return deps.openReader(facts.models);
      },
      nowMs: deps.nowMs,
    });
  }

  function tell(passages: Passage[]): void {
    for (const { cameraId, plate, layout, confidence, reads, box, bestAtMs, picture } of passages) {
      const known = validOn(facts.known ?? [], dayAt(bestAtMs, deps.timeZone() ?? "UTC"));
      const listing = facts.known ? listingOf(plate, known) : { listing: null };
      deps.onPlate(cameraId, { atMs: bestAtMs, plate, layout, confidence, reads, box, ...listing }, picture);
    }
  }

  async function read(cameraId: string, picture: () => Picture, objects: SeenObject[], atMs: number) {
    reading.add(cameraId);
    try {
      const vehicles = objects.filter(({ label }) => groupOf(label) === "vehicle");
      const isWanted = deps.wantsPlates(cameraId);
      const toldBefore = deps.toldPlates(cameraId);
      const passages = await stage.look({ cameraId, picture, vehicles, isWanted, toldBefore, atMs });
      deps.setToldPlates(cameraId, stage.told(cameraId));
      tell(passages);
    } finally {
      reading.delete(cameraId);
    }
  }

  return {
    setFacts(next: PlateFacts): void {
      const isSame = JSON.stringify(next.models) === JSON.stringify(facts.models);
      facts = next;
      if (isSame) return;
      reader.close();
      reader = lazyReader();
    },
    /**
     * The vehicles of a picture; `picture` is copied where there is something to read. While the one before is still
     * being read this one is left out.
     */
    look(cameraId: string, picture: Picture, objects: SeenObject[], atMs: number): void {
      if (!facts.models || reading.has(cameraId)) return;
      void read(cameraId, () => copyOf(picture), objects, atMs);
    },
    /** To be called about once a second, by the gateway's clock. */
    tick(atMs: number): void {
      tell(stage.tick(atMs));
    },
    /** Looks at exactly these cameras from now on. */
    setCameras(cameraIds: ReadonlySet<string>): void {
      for (const cameraId of stage.cameraIds()) if (!cameraIds.has(cameraId)) stage.forget(cameraId);
    },
    close: () => reader.close(),
  };
}
export type PlateWatch = ReturnType<typeof createPlateWatch>;

const copyOf = (picture: Picture): Picture => ({ ...picture, bytes: picture.bytes.slice() });
