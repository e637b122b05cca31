import type { CameraHealth } from "#contract/camera-health.ts";
import type { Camera, CameraState } from "#contract/cameras.ts";
import type { StoredEvent } from "#contract/events.ts";
import type { MediaState, ModelState } from "#contract/system.ts";
import type { CameraZones, Shop } from "#contract/zones.ts";
import type { Logger } from "./logger.ts";

/** Everything one part tells the others. */
export type BusEvents = {
  "events.stored": { events: StoredEvent[] };
  "camera.changed": { camera: Camera };
  /** After `camera.changed`: an address is another one now, or the way to connect. */
  "camera.moved": { cameraId: string };
  "camera.removed": { cameraId: string };
  "camera.state": { cameraId: string; state: CameraState };
  "camera.health": CameraHealth;
  /** Nothing new came from it for 15 s, so that its connection is made anew: the tap's, or MediaMTX's. */
  "camera.restarted": { cameraId: string; by: "tap" | "media" };
  "zones.changed": { zones: CameraZones };
  "shop.changed": { shop: Shop };
  /** The lists of known plates. */
  "plates.changed": Record<string, never>;
  "media.state": MediaState;
  /** A picture of evidence is on disk. */
  "evidence.stored": { mediaId: string; cameraId: string };
  "model.state": ModelState;
  /** Somebody got a lease or lost one. */
  "stations.changed": Record<never, never>;
  /** The list of models is another, or the one that is chosen. */
  "models.changed": Record<string, never>;
};

export type Bus = {
  emit<Name extends keyof BusEvents>(name: Name, event: BusEvents[Name]): void;
  /** Returns the function that ends the subscription. */
  on<Name extends keyof BusEvents>(name: Name, handler: (event: BusEvents[Name]) => void): () => void;
};

/** Calls handlers in order, at once; one that throws is logged and hides nothing from the others. */
export function createBus(log: Logger): Bus {
  const handlers = new Map<keyof BusEvents, Set<(event: never) => void>>();
  return {
    emit(name, event) {
      for (const handler of handlers.get(name) ?? []) {
        try {
          // `on` only ever stores handlers of this name's event type under the name
          (handler as (event: unknown) => void)(event);
        } catch (error) {
          log.error({ err: error, event: name }, "a bus handler failed");
        }
      }
    },
    on(name, handler) {
      const set = handlers.get(name) ?? new Set();
      handlers.set(name, set);
      set.add(handler);
      return () => set.delete(handler);
    },
  };
}
