import type { EventRecord } from "#contract/events.ts";
import type { EvidenceBox } from "#contract/evidence.ts";
import type { Shop } from "#contract/zones.ts";
import { NO_PLATES, type PlateMemory, readsIn } from "../plates/plate-memory.ts";
import type { WatchedCamera } from "../station.protocol.ts";
import type { SeenObject } from "../station.ts";
import {
  type CameraView,
  endWatch,
  isBusy,
  type LookedAt,
  lookAt,
  newWatch,
  onPlate,
  passTime,
  resumeWatch,
  skipPicture,
  stillPicture,
  type WatchState,
  type WatchStep,
} from "./camera-watch.ts";
import { deservesPicture, reasonOf, withPicture } from "./event-evidence.ts";
import type { EventKeeper } from "./event-keeper.ts";
import type { EvidenceLink } from "./evidence-picture.ts";
import { createInOrder } from "./in-order.ts";
import type { EndReason } from "./rules/happening.ts";
import type { SeenPlate } from "./rules/plate-rules.ts";
import { createScene, type Scene } from "./rules/scene.ts";
import type { EventOrigin, MeasuredBy } from "./station-events.ts";
import type { KeptWatch } from "./station-memory.ts";

/** A station that was away for longer begins anew; what ran then is told as ended. */
export const RESUME_AT_MOST_MS = 180_000;

export type CameraWatchesDeps = {
  storeId: string;
  keeper: Pick<EventKeeper, "commit">;
  forget(cameraId: string): void;
  /** This machine's clock. */
  nowMs(): number;
};

/** Keeps a picture of the moment; null where there is none to keep. What it is made of is read during the call. */
export type KeepPicture = (about: {
  cameraId: string;
  reason: string;
  boxes: EvidenceBox[];
}) => Promise<EvidenceLink | null>;

type Watched = {
  camera: WatchedCamera;
  /** Of `camera`, made ready. */
  scene: Scene;
  state: WatchState;
  changed: boolean;
  /** Changed, and its next save is not to be waited for. */
  isPressing: boolean;
};

type PictureOf = { keep: KeepPicture; boxes: EvidenceBox[] };

/** The cameras a station looks at, what it knows of each, and the events that come of it. */
export function createCameraWatches({ storeId, keeper, forget, nowMs }: CameraWatchesDeps) {
  const watched = new Map<string, Watched>();
  /** Of an earlier life, until the camera's first picture. */
  const dormant = new Map<string, KeptWatch>();
  /** What is written of a camera waits for the picture of what came before. */
  const inOrder = createInOrder();
  let shop: Shop | null = null;

  const originOf = (cameraId: string, { lease }: WatchState): EventOrigin => ({ storeId, cameraId, lease });
  const viewOf = ({ camera, scene }: Watched): CameraView => ({
    storeId,
    cameraId: camera.id,
    lease: camera.lease,
    scene,
    shop,
  });

  function commit(
    cameraId: string,
    state: WatchState,
    events: EventRecord[] | Promise<EventRecord[]>,
  ): Promise<void> {
    return inOrder.run(cameraId, async () => {
      const ready = Array.isArray(events) ? events : await events;
      await keeper.commit([{ cameraId, savedAtMs: nowMs(), state }], ready);
    });
  }

  async function end(cameraId: string, known: WatchState, reason: EndReason): Promise<void> {
    // What an earlier life left counts: no picture has come since.
    const state = dormant.get(cameraId)?.state ?? known;
    dormant.delete(cameraId);
    const ended = endWatch(state, reason, originOf(cameraId, state));
    await commit(cameraId, ended.state, ended.events);
    if (!watched.has(cameraId)) forget(cameraId);
  }

  function stateFor(entry: Watched, atMs: number): WatchState {
    const kept = dormant.get(entry.camera.id);
    dormant.delete(entry.camera.id);
    return kept ? resumeWatch(kept.state, atMs) : entry.state;
  }

  /** Writes down what a step came to, at once where it is worth an event. */
  function take<Step extends WatchStep>(entry: Watched, step: Step, picture?: PictureOf): Step {
    const { id } = entry.camera;
    if (step.events.length > 0) write(entry, step.state, pictured(id, step.events, picture));
    else Object.assign(entry, { state: step.state, changed: true });
    return step;
  }

  function write(entry: Watched, state: WatchState, events: EventRecord[] | Promise<EventRecord[]>): void {
    Object.assign(entry, { state, changed: false, isPressing: false });
    void commit(entry.camera.id, state, events);
  }

  /** The events of a moment, linked to its picture where they deserve one. */
  function pictured(
    cameraId: string,
    events: EventRecord[],
    picture?: PictureOf,
  ): EventRecord[] | Promise<EventRecord[]> {
    const deserving = picture && events.find(deservesPicture);
    if (!deserving) return events;
    const link = picture.keep({ cameraId, reason: reasonOf(deserving), boxes: picture.boxes });
    return link.then((made) => withPicture(events, made));
  }

  /** Of a camera that another station may have now only that one can say what ended. */
  function endForgotten(): void {
    for (const [cameraId, kept] of [...dormant]) {
      if (nowMs() - kept.savedAtMs <= RESUME_AT_MOST_MS || !watched.has(cameraId)) continue;
      void end(cameraId, kept.state, "interrupted");
    }
  }

  return {
    restore(kept: KeptWatch[]): void {
      for (const watch of kept) {
        const known = dormant.get(watch.cameraId)?.state ?? watched.get(watch.cameraId)?.state;
        if (known && known.lastPictureAtMs >= watch.state.lastPictureAtMs) continue;
        dormant.set(watch.cameraId, watch);
      }
    },
    /** Leaves a camera to another station: what runs goes on there, so nothing of it ends here. */
    async handOver(cameraId: string): Promise<void> {
      const state = dormant.get(cameraId)?.state ?? watched.get(cameraId)?.state;
      watched.delete(cameraId);
      dormant.delete(cameraId);
      if (state) await commit(cameraId, state, []);
      if (!watched.has(cameraId)) forget(cameraId);
    },
    /** The cameras there are; those with `analysed` are looked at. Returns their ids. */
    setCameras(cameras: WatchedCamera[], by: MeasuredBy, openingHours: Shop | null): Set<string> {
      shop = openingHours;
      const wanted = new Map(
        cameras.filter((camera) => camera.analysed).map((camera) => [camera.id, camera]),
      );
      const known = new Set(cameras.map((camera) => camera.id));
      for (const [cameraId, { state }] of [...watched]) {
        if (wanted.has(cameraId)) continue;
        watched.delete(cameraId);
        void end(cameraId, state, known.has(cameraId) ? "analysis_off" : "camera_removed");
      }
      for (const [cameraId, camera] of wanted) {
        const entry = watched.get(cameraId);
        const scene = createScene(camera);
        if (entry) Object.assign(entry, { camera, scene });
        else watched.set(cameraId, { camera, scene, state: newWatch(by), changed: false, isPressing: false });
      }
      endForgotten(); // before the first picture wakes it
      return new Set(wanted.keys());
    },
    /** Whether this picture, sent again from the gateway's store, was looked at before. */
    hasSeen(cameraId: string, atMs: number): boolean {
      const state = dormant.get(cameraId)?.state ?? watched.get(cameraId)?.state;
      return state !== undefined && atMs <= state.lastPictureAtMs;
    },
    /** Null when the camera is not looked at any more. */
    lookedAt(cameraId: string, picture: LookedAt, keep: KeepPicture): SeenObject[] | null {
      const entry = watched.get(cameraId);
      if (!entry) return null;
      const step = lookAt(stateFor(entry, picture.atMs), picture, viewOf(entry));
      return take(entry, step, { keep, boxes: step.objects }).objects;
    },
    /** Somebody is followed here: every picture counts. */
    isBusy(cameraId: string): boolean {
      const state = dormant.get(cameraId)?.state ?? watched.get(cameraId)?.state;
      return state !== undefined && isBusy(state);
    },
    /** A picture in which nothing had moved, of a camera that is not busy. Null when it is not looked at any more. */
    unchanged(cameraId: string, atMs: number, keep: KeepPicture): SeenObject[] | null {
      const entry = watched.get(cameraId);
      if (!entry) return null;
      const step = stillPicture(stateFor(entry, atMs), atMs, viewOf(entry));
      return take(entry, step, { keep, boxes: step.objects }).objects;
    },
    /** Whether an enabled rule of this camera asks for plates. */
    wantsPlates: (cameraId: string): boolean => (watched.get(cameraId)?.scene.plateRules.length ?? 0) > 0,
    plateMemory: (cameraId: string): PlateMemory => watched.get(cameraId)?.state.plates ?? NO_PLATES,
    /**
     * What is known of the plates now, and the passages that are told with it: written in one transaction, so that none
     * is told by a later life again.
     */
    platesRead(cameraId: string, plates: PlateMemory, told: { seen: SeenPlate; keep: KeepPicture | null }[]) {
      const entry = watched.get(cameraId);
      if (!entry) return;
      const isNews = readsIn(plates) !== readsIn(entry.state.plates);
      let state = { ...entry.state, plates };
      const events = told.flatMap(({ seen, keep }) => {
        const step = onPlate(state, seen, viewOf(entry));
        state = step.state;
        const boxes = [{ label: "plate", score: seen.confidence, box: seen.box }];
        return step.events.length > 0
          ? [pictured(cameraId, step.events, keep ? { keep, boxes } : undefined)]
          : [];
      });
      const allTogether = Promise.all(events).then((some) => some.flat());
      if (events.length > 0) write(entry, state, allTogether);
      else Object.assign(entry, { state, changed: true, isPressing: entry.isPressing || isNews });
    },
    skipped(cameraId: string): void {
      const entry = watched.get(cameraId);
      if (entry) entry.state = skipPicture(entry.state);
    },
    /** To be called about once a second; `gatewayNowMs` is null while that clock is not known. */
    passTime(gatewayNowMs: number | null): void {
      endForgotten();
      if (gatewayNowMs === null) return;
      for (const entry of watched.values()) {
        const step = passTime(entry.state, gatewayNowMs, viewOf(entry));
        if (step.events.length > 0) take(entry, step);
        else entry.state = step.state;
      }
    },
    /** Writes down what changed since the last time: all of it, or what is not to wait (a plate was read). */
    async save(which: "all" | "pressing"): Promise<void> {
      const changed = [...watched].filter(
        ([id, entry]) => (which === "all" ? entry.changed : entry.isPressing) && !inOrder.isBusy(id),
      );
      if (changed.length === 0) return;
      for (const [, entry] of changed) Object.assign(entry, { changed: false, isPressing: false });
      const savedAtMs = nowMs();
      await keeper.commit(
        changed.map(([cameraId, { state }]) => ({ cameraId, savedAtMs, state })),
        [],
      );
    },
    /** Nothing is looked at any more. Resolves when what ended is written down. */
    async endAll(reason: EndReason): Promise<void> {
      const ending = new Map([...watched, ...dormant].map(([cameraId, { state }]) => [cameraId, state]));
      watched.clear();
      await Promise.all([...ending].map(([cameraId, state]) => end(cameraId, state, reason)));
    },
  };
}
export type CameraWatches = ReturnType<typeof createCameraWatches>;
