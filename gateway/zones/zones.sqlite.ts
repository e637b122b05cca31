import { CameraZones, Shop } from "#contract/zones.ts";
import type { CameraZonesTable, Database } from "../kernel/database.ts";
import type { ZoneStore } from "./manage-zones.ts";

const SHOP = "shop";

/** Scenes in SQLite: a row a camera, and the shop among the settings. */
export function sqliteZones({ db }: { db: Database }): ZoneStore {
  return {
    all: async () => (await db.selectFrom("camera_zones").selectAll().execute()).map(toZones),
    async put({ cameraId, version, ...scene }) {
      const row = { version, scene: JSON.stringify(scene) };
      await db
        .insertInto("camera_zones")
        .values({ camera_id: cameraId, ...row })
        .onConflict((conflict) => conflict.column("camera_id").doUpdateSet(row))
        .execute();
    },
    async remove(cameraId) {
      await db.deleteFrom("camera_zones").where("camera_id", "=", cameraId).execute();
    },
    async shop() {
      const row = await db.selectFrom("settings").select("value").where("name", "=", SHOP).executeTakeFirst();
      return row ? Shop.parse(JSON.parse(row.value)) : null;
    },
    async putShop(shop) {
      const value = JSON.stringify(shop);
      await db
        .insertInto("settings")
        .values({ name: SHOP, value })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
        .execute();
    },
  };
}

function toZones({ camera_id, version, scene }: CameraZonesTable): CameraZones {
  const parsed = CameraZones.safeParse({ ...JSON.parse(scene), cameraId: camera_id, version });
  if (parsed.success) return parsed.data;
  throw new Error(`the stored zones of camera ${camera_id} cannot be read`, { cause: parsed.error });
}
