import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ModelManifest } from "#contract/system.ts";
import { isNeededNow } from "./bring-models.ts";
import { mediamtxRelease } from "./releases.ts";

const folder = new URL("../../models/", import.meta.url);
const manifest = ModelManifest.parse(JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8")));

test("every model of the manifest has an own id, an own file and a card", () => {
  expect(new Set(manifest.models.map(({ id }) => id)).size).toBe(manifest.models.length);
  expect(new Set(manifest.models.map(({ file }) => file)).size).toBe(manifest.models.length);
  for (const { id, licence } of manifest.models) {
    expect(readFileSync(new URL(`${id}.md`, folder), "utf8")).toContain(licence);
  }
});

test("every model that is downloaded is pinned, and every one without an address is the demonstration's", () => {
  for (const model of manifest.models) {
    expect(model.addresses.length > 0).toBe(model.sha256.length > 0);
    expect(model.addresses.length === 0).toBe(model.demonstration);
    for (const address of model.addresses) expect(address).toMatch(/^https:\/\/github\.com\//);
  }
});

test("a detector of 80 classes is needed from the start", () => {
  const needed = manifest.models.filter(isNeededNow);
  expect(needed.map(({ id }) => id)).toEqual(["yolox-nano", "demo-people"]);
  for (const { labels } of needed) {
    expect(labels).toHaveLength(80);
    expect(labels[0]).toBe("person");
  }
});

test("releases are named as MediaMTX names them", () => {
  expect(mediamtxRelease("linux-arm64")?.address).toMatch(
    /\/v1\.21\.1\/mediamtx_v1\.21\.1_linux_arm64\.tar\.gz$/,
  );
  expect(mediamtxRelease("win32-x64")).toMatchObject({ archive: "zip", binary: "mediamtx.exe" });
  expect(mediamtxRelease("aix-ppc64")).toBeUndefined();
});
