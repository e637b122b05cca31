import { expect, test } from "vitest";
import { NewCamera } from "#contract/cameras.ts";
import { aNewCamera, anId } from "#contract/examples.ts";
import { createBus } from "../kernel/bus.ts";
import { silentLogger } from "../kernel/logger.ts";
import { memoryCameras } from "./cameras.memory.ts";
import { createManageCameras, MAX_CAMERAS } from "./manage-cameras.ts";

async function aManager(store = memoryCameras()) {
  const bus = createBus(silentLogger());
  const told: string[] = [];
  bus.on("camera.changed", ({ camera }) => told.push(`changed ${camera.name}`));
  bus.on("camera.moved", () => told.push("moved"));
  bus.on("camera.removed", ({ cameraId }) => told.push(`removed ${cameraId}`));
  let nowMs = 0;
  const cameras = await createManageCameras({ store, bus, newId: anId, nowMs: () => ++nowMs });
  return { cameras, bus, told, store };
}
const input = (overrides: Parameters<typeof aNewCamera>[0] = {}) => NewCamera.parse(aNewCamera(overrides));

test("a camera is told without user and password, and that there is one", async () => {
  const { cameras } = await aManager();
  const camera = await cameras.add(input({ subAddress: "rtsp://10.0.0.9/sub?user=a&password=secret2" }));
  expect(camera).toMatchObject({
    mainAddress: "rtsp://127.0.0.1:8554/cam0",
    subAddress: "rtsp://10.0.0.9/sub?user=a&password=***",
    hasPassword: true,
    state: { status: "unknown" },
  });
  expect(JSON.stringify(cameras.list())).not.toContain("secret");
  expect(cameras.stored(camera.id)?.mainAddress).toBe("rtsp://user:secret@127.0.0.1:8554/cam0");
});

test("a password with an at sign does not show", async () => {
  const { cameras } = await aManager();
  const camera = await cameras.add(input({ mainAddress: "rtsp://admin:p@ss@10.0.0.9:554/live" }));
  expect(camera.mainAddress).toBe("rtsp://10.0.0.9:554/live");
  expect(cameras.stored(camera.id)?.mainAddress).toBe("rtsp://admin:p%40ss@10.0.0.9:554/live");
});

test("a change keeps what it does not name, addresses too", async () => {
  const { cameras, told } = await aManager();
  const { id } = await cameras.add(input({ subAddress: "rtsp://10.0.0.9/sub" }));
  const changed = await cameras.change(id, { name: "Caixa 2", place: undefined });
  expect(changed).toMatchObject({ name: "Caixa 2", place: "", hasPassword: true });
  expect(changed.subAddress).toBe("rtsp://10.0.0.9/sub");
  expect(told).toEqual(["changed Checkout 1", "changed Caixa 2"]);
});

test("a new address replaces the old one whole and forgets how the old one did", async () => {
  const { cameras, bus, told } = await aManager();
  const { id } = await cameras.add(input());
  bus.emit("camera.state", { cameraId: id, state: { status: "connecting", sinceAtMs: 5 } });
  expect(cameras.find(id).state.status).toBe("connecting");
  const changed = await cameras.change(id, { mainAddress: "rtsp://127.0.0.1:8554/other" });
  expect(changed).toMatchObject({ hasPassword: false, state: { status: "unknown" } });
  expect(told).toEqual(["changed Checkout 1", "changed Checkout 1", "moved"]);
});

test("two changes at once both hold", async () => {
  const { cameras, store } = await aManager();
  const { id } = await cameras.add(input());
  await Promise.all([cameras.change(id, { name: "Caixa 2" }), cameras.change(id, { place: "Fundo" })]);
  expect((await store.all())[0]).toMatchObject({ name: "Caixa 2", place: "Fundo" });
});

test("a write that fails changes nothing and does not stop the next one", async () => {
  const store = memoryCameras();
  const { cameras } = await aManager({
    ...store,
    insert: (camera) => (camera.name === "bad" ? Promise.reject(new Error("disk")) : store.insert(camera)),
  });
  await expect(cameras.add(input({ name: "bad" }))).rejects.toThrow("disk");
  await cameras.add(input({ name: "good" }));
  expect(cameras.list().map((camera) => camera.name)).toEqual(["good"]);
});

test("a removed camera is gone, and its late state is not kept", async () => {
  const { cameras, bus, told } = await aManager();
  const { id } = await cameras.add(input());
  await cameras.remove(id);
  bus.emit("camera.state", { cameraId: id, state: { status: "connecting", sinceAtMs: 5 } });
  expect(cameras.list()).toEqual([]);
  expect(told.at(-1)).toBe(`removed ${id}`);
  await expect(cameras.remove(id)).rejects.toMatchObject({ code: "not_found" });
});

test("two cameras may share a name; the camera after the last allowed is a conflict", async () => {
  const { cameras } = await aManager();
  for (let count = 0; count < MAX_CAMERAS; count += 1) await cameras.add(input());
  await expect(cameras.add(input())).rejects.toMatchObject({ code: "conflict" });
});

test("demo cameras are removed together, and a new manager knows what was stored", async () => {
  const { cameras, store } = await aManager();
  const kept = await cameras.add(input());
  await cameras.add(input(), { demo: true });
  await cameras.add(input(), { demo: true });
  await cameras.removeDemo();
  const { cameras: after } = await aManager(store);
  expect(after.list().map((camera) => camera.id)).toEqual([kept.id]);
});
