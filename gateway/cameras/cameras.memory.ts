import type { CameraStore, StoredCamera } from "./manage-cameras.ts";

/** Cameras in a map, for tests of what is built on the port. */
export function memoryCameras(): CameraStore {
  const cameras = new Map<string, StoredCamera>();
  return {
    all: async () =>
      [...cameras.values()].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)),
    insert: async (camera) => void cameras.set(camera.id, { ...camera }),
    replace: async (camera) => void (cameras.has(camera.id) && cameras.set(camera.id, { ...camera })),
    remove: async (id) => void cameras.delete(id),
  };
}
