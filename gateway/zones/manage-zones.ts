import { isDeepStrictEqual } from "node:util";
import { type SceneFault, sceneFaults } from "#contract/scene-faults.ts";
import { type CameraZones, type CameraZonesChange, noZones, type Shop } from "#contract/zones.ts";
import type { Bus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";

export type ZoneStore = {
  /** Throws when a stored scene is not of the contract's form. */
  all(): Promise<CameraZones[]>;
  /** Writes the whole, over what the camera had. */
  put(zones: CameraZones): Promise<void>;
  remove(cameraId: string): Promise<void>;
  /** Null before the first change. */
  shop(): Promise<Shop | null>;
  putShop(shop: Shop): Promise<void>;
};

type ManageZonesDeps = {
  store: ZoneStore;
  bus: Bus;
  /** Of all cameras there are, in their order. */
  cameraIds: () => string[];
};

/** The scenes of all cameras. Kept in memory too: this gateway alone writes them. */
export async function createManageZones({ store, bus, cameraIds }: ManageZonesDeps) {
  const scenes = new Map((await store.all()).map((zones) => [zones.cameraId, zones]));
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One write after the other: of two changes of one version the second must see the first. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = lastWrite.then(write, write);
    lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
    return turn;
  }

  const ofCamera = (cameraId: string): CameraZones => scenes.get(cameraId) ?? noZones(cameraId);

  function find(cameraId: string): CameraZones {
    if (!cameraIds().includes(cameraId)) throw new GatewayError("not_found", "There is no such camera.");
    return ofCamera(cameraId);
  }

  async function removeNow(cameraId: string): Promise<void> {
    if (!scenes.has(cameraId)) return;
    await store.remove(cameraId);
    scenes.delete(cameraId);
  }

  return {
    list: (): CameraZones[] => cameraIds().map(ofCamera),
    find,

    change: (cameraId: string, { version, ...scene }: CameraZonesChange): Promise<CameraZones> =>
      inTurn(async () => {
        const present = find(cameraId);
        const after = { cameraId, version: present.version + 1, ...scene };
        if (isDeepStrictEqual({ ...after, version: present.version }, present)) return present;
        if (version !== present.version) {
          const message = "Zones and rules of this camera were changed meanwhile.";
          throw new GatewayError("conflict", message, { present });
        }
        const [fault] = sceneFaults(scene);
        if (fault) throw new GatewayError("invalid_body", sentenceOf(fault));
        await store.put(after);
        scenes.set(cameraId, after);
        bus.emit("zones.changed", { zones: after });
        return after;
      }),

    /** From now on scenes go with their cameras; those of cameras that are gone already go now. */
    async start(): Promise<void> {
      bus.on("camera.removed", ({ cameraId }) => {
        // a failed write leaves a row that no camera answers to; it goes at the next start
        void inTurn(() => removeNow(cameraId)).catch(() => undefined);
      });
      const known = new Set(cameraIds());
      const orphans = [...scenes.keys()].filter((cameraId) => !known.has(cameraId));
      await Promise.all(orphans.map((cameraId) => inTurn(() => removeNow(cameraId))));
    },
  };
}
export type ManageZones = Awaited<ReturnType<typeof createManageZones>>;

function sentenceOf({ kind, name }: SceneFault): string {
  switch (kind) {
    case "same_id":
      return `"${name}" has an id that is used twice.`;
    case "crossing":
      return `The outline of "${name}" crosses or touches itself.`;
    case "no_area":
      return `The zone "${name}" has no area.`;
    case "short_line":
      return `The line "${name}" is too short.`;
    case "unknown_zone":
      return `The rule "${name}" names a zone that is not there.`;
    case "masked":
      return `The rule "${name}" names a mask, where nothing is seen.`;
  }
}
