import { expect, onTestFinished, test } from "vitest";
import type { Camera } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import { createCameraNames } from "./camera-names.ts";
import { createBus } from "./kernel/bus.ts";
import { openDatabase } from "./kernel/database.ts";
import { silentLogger } from "./kernel/logger.ts";

/** Two gateways, each with cameras of its own, on one database. */
async function twoGateways() {
  const { db, close } = await openDatabase(":memory:");
  onTestFinished(close);
  const clock = { ms: 0 };
  const gateway = (gatewayId: string) => {
    const cameras: Camera[] = [];
    const bus = createBus(silentLogger());
    const steadyMs = () => clock.ms;
    const names = createCameraNames({
      db,
      gatewayId,
      cameras: () => cameras,
      bus,
      steadyMs,
      log: silentLogger(),
    });
    onTestFinished(names.stop);
    return { cameras, bus, ...names };
  };
  return { clock, one: gateway("one"), two: gateway("two") };
}

test("a camera is called the same at every gateway", async () => {
  const { one, two } = await twoGateways();
  const [ofOne, ofTwo] = [aCamera({ name: "Checkout 1" }), aCamera({ name: "Entrance" })];
  one.cameras.push(ofOne);
  two.cameras.push(ofTwo);
  await Promise.all([one.start(), two.start()]);
  expect(await one.nameOf(ofOne.id)).toBe("Checkout 1");
  expect(await one.nameOf(ofTwo.id)).toBe("Entrance");
  expect(await two.nameOf(ofOne.id)).toBe("Checkout 1");
});

test("a camera that another gateway just added is known at once, a removed one soon no longer", async () => {
  const { clock, one, two } = await twoGateways();
  await Promise.all([one.start(), two.start()]);
  const camera = aCamera({ name: "Checkout 1" });
  expect(await one.nameOf(camera.id)).toBeNull();
  two.cameras.push(camera);
  two.bus.emit("camera.changed", { camera });
  await two.stop(); // what it tells is written
  expect(await one.nameOf(camera.id)).toBe("Checkout 1");
  two.cameras.pop();
  await two.start();
  clock.ms += 5_001;
  expect(await one.nameOf(camera.id)).toBeNull();
});
