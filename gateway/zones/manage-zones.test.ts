import { expect, test } from "vitest";
import { anId, aQueueRule, aZone } from "#contract/examples.ts";
import { type CameraZonesChange, noZones } from "#contract/zones.ts";
import { createBus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createManageShop } from "./manage-shop.ts";
import { createManageZones } from "./manage-zones.ts";
import { memoryZones } from "./zones.memory.ts";

const change = (overrides: Partial<CameraZonesChange> = {}): CameraZonesChange => {
  const { cameraId: _, ...scene } = noZones(anId());
  return { ...scene, ...overrides };
};

async function aStart({ store = memoryZones(), cameraIds = [anId()] } = {}) {
  const bus = createBus(silentLogger());
  const told: number[] = [];
  bus.on("zones.changed", ({ zones }) => told.push(zones.version));
  const zones = await createManageZones({ store, bus, cameraIds: () => cameraIds });
  await zones.start();
  const remove = (cameraId: string) => {
    cameraIds.splice(cameraIds.indexOf(cameraId), 1);
    bus.emit("camera.removed", { cameraId });
  };
  return { store, bus, told, zones, cameraIds, remove, cameraId: cameraIds[0] ?? "" };
}

test("a change is told once it is stored, and the next start knows it", async () => {
  const { store, told, zones, cameraId, cameraIds } = await aStart();
  const answer = await zones.change(cameraId, change({ zones: [aZone()] }));
  expect([answer.version, told]).toEqual([1, [1]]);
  expect(await store.all()).toEqual([answer]);
  expect((await aStart({ store, cameraIds })).zones.find(cameraId)).toEqual(answer);
});

test("of two changes of one version at once the first is kept, and the second learns what it is", async () => {
  const { zones, cameraId, told } = await aStart();
  const [first, second] = await Promise.allSettled([
    zones.change(cameraId, change({ picturesPerS: 2 })),
    zones.change(cameraId, change({ picturesPerS: 3 })),
  ]);
  expect(first).toMatchObject({ status: "fulfilled", value: { version: 1, picturesPerS: 2 } });
  expect(second).toMatchObject({
    status: "rejected",
    reason: { code: "conflict", present: { version: 1, picturesPerS: 2 } },
  });
  expect(told).toEqual([1]);
});

test("a change whose answer got lost can be sent again, and is told once", async () => {
  const { zones, cameraId, told } = await aStart();
  const sent = change({ zones: [aZone()] });
  const answer = await zones.change(cameraId, sent);
  expect(await zones.change(cameraId, sent)).toEqual(answer);
  expect(told).toEqual([1]);
});

test("a refused or a failed write changes nothing and does not stop the next", async () => {
  const store = memoryZones();
  let isFull = true;
  const put: typeof store.put = async (zones) => {
    if (isFull) throw new GatewayError("storage_unavailable", "full");
    await store.put(zones);
  };
  const { zones, cameraId, told } = await aStart({ store: { ...store, put } });
  await expect(zones.change(cameraId, change({ picturesPerS: 2 }))).rejects.toThrow("full");
  const unknown = change({ rules: [aQueueRule({ name: "Fila", zoneId: anId() })] });
  await expect(zones.change(cameraId, unknown)).rejects.toThrow(/"Fila" names a zone that is not there/);
  expect(zones.find(cameraId).version).toBe(0);
  isFull = false;
  expect((await zones.change(cameraId, change({ picturesPerS: 2 }))).version).toBe(1);
  expect(told).toEqual([1]);
});

test("scenes go with their camera, also those of cameras that went before the start", async () => {
  const { store, zones, cameraId, remove } = await aStart();
  await zones.change(cameraId, change({ picturesPerS: 2 }));
  const other = await aStart({ store, cameraIds: [anId()] });
  expect(await store.all()).toEqual([]);
  const kept = await other.zones.change(other.cameraId, change({ picturesPerS: 3 }));
  other.remove(other.cameraId);
  await expect(other.zones.change(other.cameraId, change())).rejects.toThrow("no such camera");
  expect(kept.version).toBe(1);
  expect(await store.all()).toEqual([]);
  expect(() => zones.find(anId())).toThrow("no such camera");
  remove(cameraId);
});

test("every camera has a scene in the list, in the cameras' order", async () => {
  const { zones, cameraIds } = await aStart({ cameraIds: [anId(), anId(), anId()] });
  const [, second = ""] = cameraIds;
  await zones.change(second, change({ picturesPerS: 2 }));
  expect(zones.list().map(({ cameraId, version }) => [cameraId, version])).toEqual(
    cameraIds.map((id) => [id, id === second ? 1 : 0]),
  );
});

test.each([
  ["Europe/Lisbon", "Europe/Lisbon"],
  ["UTC", "America/Sao_Paulo"],
  ["Etc/Unknown", "America/Sao_Paulo"],
  [undefined, "America/Sao_Paulo"],
])("a shop on a machine that says %s begins in %s", async (machineTimeZone, timeZone) => {
  const bus = createBus(silentLogger());
  const shop = await createManageShop({ store: memoryZones(), bus, machineTimeZone });
  expect(shop.get()).toEqual({ version: 0, timeZone, hours: [] });
});

test("a changed shop is told and outlives the machine's own time zone", async () => {
  const bus = createBus(silentLogger());
  const store = memoryZones();
  const told: string[] = [];
  bus.on("shop.changed", ({ shop }) => told.push(shop.timeZone));
  const shop = await createManageShop({ store, bus, machineTimeZone: "Europe/Lisbon" });
  await shop.change({ version: 0, timeZone: "America/Bahia", hours: [] });
  const later = await createManageShop({ store, bus, machineTimeZone: "Europe/Lisbon" });
  expect([told, later.get().timeZone]).toEqual([["America/Bahia"], "America/Bahia"]);
});
