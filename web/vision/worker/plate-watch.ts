import type { Picture } from "../detector.ts";
import { createLazyPlateReader } from "../plates/lazy-plate-reader.ts";
import { listingOf } from "../plates/plate-listing.ts";
import { dayAt, validOn } from "../plates/plate-match.ts";
import type { PlateMemory } from "../plates/plate-memory.ts";
import type { PlateReader } from "../plates/plate-reader.ts";
import { createPlateStage, type Passage } from "../plates/plate-stage.ts";
import type { PlateFacts, PlateModels, SeenObject } from "../station.ts";
import { groupOf } from "./objects.ts";
import type { SeenPlate } from "./rules/plate-rules.ts";

/** A vehicle's passage, and the best picture of it; null where that was lost. */
export type ToldPassage = { seen: SeenPlate; picture: Picture | null };

export type PlateWatchDeps = {
  openReader(models: PlateModels): Promise<PlateReader & { close(): void }>;
  wantsPlates(cameraId: string): boolean;
  /** What was known of the camera's plates last. */
  plateMemory(cameraId: string): PlateMemory;
  /** What is known from now on, and the passages that are told with it, each once. */
  onPlates(cameraId: string, memory: PlateMemory, told: ToldPassage[]): void;
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

  function toldOf({ picture, bestAtMs, cameraId: _, ...passage }: Passage): ToldPassage {
    const known = validOn(facts.known ?? [], dayAt(bestAtMs, deps.timeZone() ?? "UTC"));
    const listing = facts.known ? listingOf(passage.plate, known) : { listing: null };
    return { seen: { ...passage, ...listing, atMs: bestAtMs }, picture };
  }

  function tell(cameraId: string, passages: Passage[]): void {
    const memory = stage.memory(cameraId);
    if (memory) deps.onPlates(cameraId, memory, passages.map(toldOf));
  }

  async function read(cameraId: string, picture: () => Picture, vehicles: SeenObject[], atMs: number) {
    reading.add(cameraId);
    try {
      const isWanted = deps.wantsPlates(cameraId);
      const remembered = deps.plateMemory(cameraId);
      const passages = await stage.look({ cameraId, picture, vehicles, isWanted, remembered, atMs });
      tell(cameraId, passages);
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
      if (!facts.models) return;
      const vehicles = objects.filter(({ label }) => groupOf(label) === "vehicle");
      if (reading.has(cameraId)) stage.see(cameraId, vehicles, atMs);
      else void read(cameraId, () => copyOf(picture), vehicles, atMs);
    },
    /** To be called about once a second, by the gateway's clock. */
    tick(atMs: number): void {
      const passages = stage.tick(atMs);
      for (const id of new Set(passages.map(({ cameraId }) => cameraId))) {
        const own = passages.filter(({ cameraId }) => cameraId === id);
        tell(id, own);
      }
    },
    /** What is known of the camera was replaced by what another station knows: `plateMemory` counts from now on. */
    forget: stage.forget,
    /** Looks at exactly these cameras from now on. */
    setCameras(cameraIds: ReadonlySet<string>): void {
      for (const cameraId of stage.cameraIds()) if (!cameraIds.has(cameraId)) stage.forget(cameraId);
    },
    close: () => reader.close(),
  };
}
export type PlateWatch = ReturnType<typeof createPlateWatch>;

const copyOf = (picture: Picture): Picture => ({ ...picture, bytes: picture.bytes.slice() });
