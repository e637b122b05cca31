import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import { startDemoCameras } from "./demo-cameras.ts";

const deps = { nowMs: Date.now, log: silentLogger() };
const shopScene = fileURLToPath(new URL("shop-scene.mp4", import.meta.url));

test("with nothing but the project there are four views of the drawn shop, at different moments", async () => {
  const demo = await startDemoCameras({ ...deps, sharedFootage: null });
  expect(demo.cameras.map((camera) => camera.name)).toEqual([
    "Caixa (demonstração)",
    "Caixa 2 (demonstração)",
    "Caixa 3 (demonstração)",
    "Caixa 4 (demonstração)",
  ]);
  expect(demo.cameras.every((camera) => camera.drawn && camera.clip === "shop-scene.mp4")).toBe(true);
  expect(demo.cameras[0]?.address).toMatch(/^rtsp:\/\/127\.0\.0\.1:\d+\/caixa1$/);
  expect(new Set(demo.simulated.status().map((camera) => camera.loopStartedAtMs)).size).toBe(4);
  await demo.stop();
});

test("real clips that are found come after the drawn shop, with their credit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "guarita-footage-"));
  await copyFile(shopScene, join(folder, "classroom-preview-pingpong.mp4"));
  const demo = await startDemoCameras({ ...deps, sharedFootage: folder, count: 3 });
  expect(demo.cameras.map((camera) => [camera.name, camera.drawn])).toEqual([
    ["Caixa (demonstração)", true],
    ["Sala (demonstração)", false],
    ["Caixa 2 (demonstração)", true],
  ]);
  expect(demo.cameras[1]?.credit).toContain("CC BY 4.0");
  await demo.stop();
  await rm(folder, { recursive: true });
});
