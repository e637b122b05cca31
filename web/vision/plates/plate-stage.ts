import type { FractionBox } from "#contract/payloads.ts";
import type { Picture } from "../detector.ts";
import { foldPlate } from "./plate-match.ts";
import { type CameraPlates, memoryOf, type PlateMemory, platesFrom } from "./plate-memory.ts";
import type { PlateRead, PlateReader } from "./plate-reader.ts";
import { addRead, type PlateVerdict, verdictOf } from "./plate-vote.ts";
import { isLookedAtEnough, isResting, newWatch, type VehicleWatch, vehicleOf } from "./vehicle-watch.ts";

/** A vehicle that passed, and the plate that its pictures agree on. */
export type Passage = PlateVerdict & {
  cameraId: string;
  trackId: number;
  firstReadAtMs: number;
  /**
   * The one in which the plate was read with most confidence; where `box` is. Null where it did not outlive the page and
   * no later one shows the plate.
   */
  picture: Picture | null;
};

/** A vehicle's track in a picture. */
export type SeenVehicle = { trackId: number; box: FractionBox };

export type PlateLook = {
  cameraId: string;
  /** Asked for at once, and only where something is to be read; the stage may keep it. */
  picture(): Picture;
  /** The tracks of vehicles that are in this picture. */
  vehicles: SeenVehicle[];
  /** Of an earlier life of the station, for a camera that this one does not know yet. */
  remembered: PlateMemory;
  /** Whether an enabled rule of this camera asks for plates. */
  isWanted: boolean;
  /** When the picture was taken, by the gateway's clock. */
  atMs: number;
};

type PlateStageDeps = {
  reader: PlateReader;
  /** A verdict must be surer than this. */
  minConfidence?: number;
  /** The plate models could not be had or failed; the vehicles are tried again with their next pictures. */
  onTrouble?: (cause: unknown) => void;
};

/** A track unseen for as long is over; the tracker itself bridges shorter gaps. */
const GONE_AFTER_MS = 5_000;
/** A vehicle that stays is told after so long, by what was read until then. */
const TELL_AFTER_MS = 10_000;
/** The same plate within this time is the same passage: the track broke, or the car is still there. */
const SAME_PASSAGE_MS = 60_000;
/** A parked car that is never read for sure does not make the list of what was told grow for ever. */
const REMEMBER_AT_MOST_MS = 600_000;

/**
 * Decides when the plate models run and what each passage is told as. They run only while a rule asks for plates and a
 * vehicle is there whose plate is not settled; a vehicle in which nothing is read rests until it moves. One call of
 * `look` a camera at a time.
 */
export function createPlateStage({ reader, minConfidence = 0.7, onTrouble = () => {} }: PlateStageDeps) {
  const cameras = new Map<string, CameraPlates>();

  function stateOf({ cameraId, remembered, atMs }: PlateLook): CameraPlates {
    const known = cameras.get(cameraId) ?? platesFrom(remembered, atMs);
    cameras.set(cameraId, known);
    return known;
  }

  /** What is settled by now; each vehicle once. */
  function settle(cameraId: string, state: CameraPlates, atMs: number): Passage[] {
    const passages: Passage[] = [];
    for (const [trackId, vehicle] of state.vehicles) {
      const verdict = isDue(vehicle, atMs) && vehicle.vote && verdictOf(vehicle.vote, minConfidence);
      if (verdict) {
        const { firstReadAtMs, bestPicture: picture } = vehicle;
        Object.assign(vehicle, { plate: verdict.plate, vote: null, bestPicture: null });
        if (!isTold(state, verdict.plate, firstReadAtMs))
          passages.push({ ...verdict, cameraId, trackId, firstReadAtMs, picture });
      }
      if (vehicle.plate !== null) markSeen(state, vehicle.plate, vehicle.seenAtMs);
      // The tracker may still bring it back: until then it must not be told again.
      if (atMs - vehicle.seenAtMs >= SAME_PASSAGE_MS) state.vehicles.delete(trackId);
    }
    const oldestAtMs = oldestOpen(state, atMs) - SAME_PASSAGE_MS;
    state.told = state.told.filter(({ seenAtMs }) => seenAtMs > oldestAtMs);
    return passages;
  }

  async function readThem(state: CameraPlates, look: PlateLook): Promise<void> {
    const open = look.vehicles.filter(({ trackId, box }) => {
      const vehicle = state.vehicles.get(trackId);
      return vehicle !== undefined && vehicle.plate === null && !isResting(vehicle, box);
    });
    if (open.length === 0) return;
    const picture = look.picture();
    const reads = await reader.read(
      picture,
      open.map(({ box }) => box),
    );
    const readOf = pairUp(reads, look.vehicles);
    for (const { trackId } of open) {
      const vehicle = state.vehicles.get(trackId);
      const read = readOf.get(trackId);
      // it may have been told while the networks ran
      if (!vehicle || vehicle.plate !== null) continue;
      vehicle.looks += 1;
      if (!read) continue;
      if (vehicle.vote === null) vehicle.firstReadAtMs = look.atMs;
      vehicle.vote = addRead(vehicle.vote, read, look.atMs);
      if (vehicle.vote.best.atMs === look.atMs) vehicle.bestPicture = picture;
    }
  }

  return {
    /** Reads what is to be read in this picture. Never rejects. */
    async look(look: PlateLook): Promise<Passage[]> {
      const { cameraId, vehicles, isWanted, atMs } = look;
      if (!isWanted) {
        cameras.delete(cameraId);
        return [];
      }
      const state = stateOf(look);
      for (const { trackId, box } of vehicles) {
        const vehicle = state.vehicles.get(trackId) ?? newWatch(box);
        vehicle.seenAtMs = atMs;
        state.vehicles.set(trackId, vehicle);
      }
      try {
        await readThem(state, look);
      } catch (cause) {
        onTrouble(cause);
      }
      // it may have been forgotten while the networks ran
      return cameras.get(cameraId) === state ? settle(cameraId, state, atMs) : [];
    },
    /** Passages that are over because no picture came since; to be asked for about once a second. */
    tick: (atMs: number): Passage[] =>
      [...cameras].flatMap(([cameraId, state]) => settle(cameraId, state, atMs)),
    /** These vehicles are still there, in a picture that is not read. */
    see(cameraId: string, vehicles: SeenVehicle[], atMs: number): void {
      const known = cameras.get(cameraId)?.vehicles;
      for (const { trackId } of vehicles) {
        const vehicle = known?.get(trackId);
        if (vehicle) vehicle.seenAtMs = atMs;
      }
    },
    /** For `PlateLook.remembered` of a later life; null where nothing is known of the camera. */
    memory(cameraId: string): PlateMemory | null {
      const state = cameras.get(cameraId);
      return state ? memoryOf(state) : null;
    },
    /** The cameras of which something is known. */
    cameraIds: (): string[] => [...cameras.keys()],
    /** The camera is another station's now, or gone. */
    forget: (cameraId: string): void => void cameras.delete(cameraId),
  };
}
export type PlateStage = ReturnType<typeof createPlateStage>;

/** Each read belongs to the smallest vehicle around it, each vehicle has its surest read. */
function pairUp(reads: PlateRead[], vehicles: SeenVehicle[]): Map<number, PlateRead> {
  const readOf = new Map<number, PlateRead>();
  for (const read of reads.toSorted((a, b) => b.confidence - a.confidence)) {
    const vehicle = vehicleOf(read.box, vehicles);
    if (vehicle && !readOf.has(vehicle.trackId)) readOf.set(vehicle.trackId, read);
  }
  return readOf;
}

/** Whether its plate is to be told now, if it can be. */
function isDue(vehicle: VehicleWatch, atMs: number): boolean {
  if (vehicle.plate !== null) return false;
  if (atMs - vehicle.seenAtMs >= GONE_AFTER_MS) return true;
  if (vehicle.vote === null || atMs - vehicle.firstReadAtMs < TELL_AFTER_MS) return false;
  // one whose picture was lost with the page: while it is there another may be had
  return vehicle.bestPicture !== null || isLookedAtEnough(vehicle);
}

/** Since when there has been a vehicle that may yet be told; `atMs` where there is none. */
function oldestOpen(state: CameraPlates, atMs: number): number {
  const open = [...state.vehicles.values()].filter(({ vote, plate }) => vote !== null && plate === null);
  const oldestAtMs = Math.min(atMs, ...open.map(({ firstReadAtMs }) => firstReadAtMs));
  return Math.max(oldestAtMs, atMs - REMEMBER_AT_MOST_MS);
}

/** Whether a plate first read at `atMs` was told shortly before; two readings that only look alike are one plate. */
function isTold(state: CameraPlates, plate: string, atMs: number): boolean {
  const folded = foldPlate(plate);
  return state.told.some((told) => told.plate === folded && atMs - told.seenAtMs < SAME_PASSAGE_MS);
}

function markSeen(state: CameraPlates, plate: string, seenAtMs: number): void {
  const folded = foldPlate(plate);
  const known = state.told.find((told) => told.plate === folded);
  if (known) known.seenAtMs = Math.max(known.seenAtMs, seenAtMs);
  else state.told.push({ plate: folded, seenAtMs });
}
