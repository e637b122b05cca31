import type { EventRecord } from "#contract/events.ts";
import type { Detection } from "../detector.ts";
import type { WatchedCamera } from "../station.protocol.ts";
import type { SeenObject } from "../station.ts";
import {
  endWatch,
  lookAt,
  newWatch,
  passTime,
  resumeWatch,
  skipPicture,
  type WatchState,
} from "./camera-watch.ts";
import type { EventKeeper } from "./event-keeper.ts";
import type { QueueEndReason } from "./queue-rule.ts";
import type { MeasuredBy } from "./station-events.ts";
import type { KeptWatch } from "./station-memory.ts";

/** A station that was away for longer begins anew; what ran then is told as ended. */
export const RESUME_AT_MOST_MS = 180_000;

type CameraWatchesDeps = {
  storeId: string;
  keeper: Pick<EventKeeper, "commit">;
  forget(cameraId: string): void;
  /** This machine's clock. */
  nowMs(): number;
};

type Watched = { camera: WatchedCamera; state: WatchState; changed: boolean };

/** The cameras a station looks at, what it knows of each, and the events that come of it. */
export function createCameraWatches({ storeId, keeper, forget, nowMs }: CameraWatchesDeps) {
  const watched = new Map<string, Watched>();
  /** Of an earlier life, until the camera's first picture. */
  const dormant = new Map<string, KeptWatch>();
  const originOf = (cameraId: string) => ({ storeId, cameraId });

  function commit(cameraId: string, state: WatchState, events: EventRecord[]): Promise<void> {
    return keeper.commit([{ cameraId, savedAtMs: nowMs(), state }], events);
  }

  async function end(cameraId: string, state: WatchState, reason: QueueEndReason): Promise<void> {
    const ended = endWatch(state, reason, originOf(cameraId));
    await commit(cameraId, ended.state, ended.events);
    if (!watched.has(cameraId)) forget(cameraId);
  }

  function stateFor(entry: Watched, atMs: number): WatchState {
    const kept = dormant.get(entry.camera.id);
    dormant.delete(entry.camera.id);
    return kept ? resumeWatch(kept.state, atMs) : entry.state;
  }

  return {
    restore(kept: KeptWatch[]): void {
      for (const watch of kept) dormant.set(watch.cameraId, watch);
    },
    /** The cameras there are; those with `analysed` are looked at. Returns their ids. */
    setCameras(cameras: WatchedCamera[], by: MeasuredBy): Set<string> {
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
        if (entry) entry.camera = camera;
        else watched.set(cameraId, { camera, state: newWatch(by), changed: false });
      }
      return new Set(wanted.keys());
    },
    /** Whether this picture, sent again from the gateway's store, was looked at before. */
    hasSeen(cameraId: string, atMs: number): boolean {
      const state = dormant.get(cameraId)?.state ?? watched.get(cameraId)?.state;
      return state !== undefined && atMs <= state.lastPictureAtMs;
    },
    /** Null when the camera is not looked at any more. */
    lookedAt(
      cameraId: string,
      picture: { atMs: number; aspect: number; detections: Detection[]; detectMs: number; by: MeasuredBy },
    ): SeenObject[] | null {
      const entry = watched.get(cameraId);
      if (!entry) return null;
      const camera = { ...originOf(cameraId), queueThreshold: entry.camera.queueThreshold };
      const step = lookAt(stateFor(entry, picture.atMs), picture, camera);
      entry.state = step.state;
      entry.changed = step.events.length === 0;
      if (step.events.length > 0) void commit(cameraId, step.state, step.events);
      return step.objects;
    },
    skipped(cameraId: string): void {
      const entry = watched.get(cameraId);
      if (entry) entry.state = skipPicture(entry.state);
    },
    /** To be called about once a second; `gatewayNowMs` is null while that clock is not known. */
    passTime(gatewayNowMs: number | null): void {
      for (const [cameraId, kept] of [...dormant]) {
        if (nowMs() - kept.savedAtMs <= RESUME_AT_MOST_MS) continue;
        dormant.delete(cameraId);
        void end(cameraId, kept.state, "interrupted");
      }
      if (gatewayNowMs === null) return;
      for (const [cameraId, entry] of watched) {
        const step = passTime(entry.state, gatewayNowMs, originOf(cameraId));
        entry.state = step.state;
        if (step.events.length > 0) void commit(cameraId, step.state, step.events);
      }
    },
    /** Writes down what changed since the last time. */
    async save(): Promise<void> {
      const changed = [...watched].filter(([, entry]) => entry.changed);
      if (changed.length === 0) return;
      for (const [, entry] of changed) entry.changed = false;
      const savedAtMs = nowMs();
      await keeper.commit(
        changed.map(([cameraId, { state }]) => ({ cameraId, savedAtMs, state })),
        [],
      );
    },
    /** Nothing is looked at any more. Resolves when what ended is written down. */
    async endAll(reason: QueueEndReason): Promise<void> {
      const ending = [...watched, ...dormant].map(([cameraId, { state }]) => ({ cameraId, state }));
      watched.clear();
      dormant.clear();
      await Promise.all(ending.map(({ cameraId, state }) => end(cameraId, state, reason)));
    },
  };
}
export type CameraWatches = ReturnType<typeof createCameraWatches>;
