import { describe, expect, test } from "vitest";
import { aLine, anId, aQueueRule, aZone, someZones } from "#contract/examples.ts";
import type { ZoneStore } from "./manage-zones.ts";

/** What every store of scenes must do. */
export function testZoneStore(name: string, open: () => Promise<ZoneStore>): void {
  describe(name, () => {
    test("gives a scene back as it was stored", async () => {
      const store = await open();
      const zone = aZone({ name: "Fila do caixa nº 1" });
      const zones = someZones({
        version: 3,
        zones: [zone, aZone({ kind: "mask" })],
        lines: [aLine()],
        rules: [aQueueRule({ zoneId: zone.id, hours: "shop", isEnabled: false })],
        picturesPerS: 0.5,
        minScores: { person: 0.45 },
      });
      await store.put(zones);
      expect(await store.all()).toEqual([zones]);
    });

    test("a later scene of a camera takes the place of the earlier one, and of no other's", async () => {
      const store = await open();
      const [one, two] = [someZones({ version: 1, zones: [aZone()] }), someZones({ version: 7 })];
      await store.put(one);
      await store.put(two);
      await store.put({ ...one, version: 2, zones: [] });
      expect(new Set(await store.all())).toEqual(new Set([{ ...one, version: 2, zones: [] }, two]));
    });

    test("removes the scene of one camera, and a second time does nothing", async () => {
      const store = await open();
      const [one, two] = [someZones({ version: 1 }), someZones({ version: 1 })];
      await store.put(one);
      await store.put(two);
      await store.remove(one.cameraId);
      await store.remove(one.cameraId);
      await store.remove(anId());
      expect(await store.all()).toEqual([two]);
    });

    test("knows no shop until there is one, then the last one", async () => {
      const store = await open();
      expect(await store.shop()).toBe(null);
      const shop = {
        version: 1,
        timeZone: "America/Manaus",
        hours: [{ days: [1, 6], from: "08:00", until: "02:30" }],
      };
      await store.putShop(shop);
      expect(await store.shop()).toEqual(shop);
      await store.putShop({ ...shop, version: 2, hours: [] });
      expect(await store.shop()).toEqual({ ...shop, version: 2, hours: [] });
    });
  });
}
