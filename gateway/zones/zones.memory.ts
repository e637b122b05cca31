import type { CameraZones, Shop } from "#contract/zones.ts";
import type { ZoneStore } from "./manage-zones.ts";

/** Scenes in a map, for tests of what is built on the port. */
export function memoryZones(): ZoneStore {
  const scenes = new Map<string, CameraZones>();
  let kept: Shop | null = null;
  return {
    all: async () => structuredClone([...scenes.values()]),
    put: async (zones) => void scenes.set(zones.cameraId, structuredClone(zones)),
    remove: async (cameraId) => void scenes.delete(cameraId),
    shop: async () => structuredClone(kept),
    async putShop(shop) {
      kept = structuredClone(shop);
    },
  };
}
