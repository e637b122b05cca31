import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { aCamera } from "#contract/examples.ts";
import { backoffMs } from "./backoff.ts";
import { createBus } from "./bus.ts";
import { takeDataFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { newId } from "./ids.ts";
import { maskAddresses, silentLogger } from "./logger.ts";
import { createSecretBox, loadKey } from "./secret-box.ts";
import { loadStoreId } from "./store-id.ts";

const folder = mkdtempSync(join(tmpdir(), "guarita-kernel-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("backoff doubles up to its maximum and stretches by no more than its jitter", () => {
  const policy = { firstMs: 1_000, maxMs: 60_000, jitterFraction: 0.2 };
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, luck) => {
        const base = Math.min(60_000, 1_000 * 2 ** attempt);
        const waitMs = backoffMs(policy, attempt, () => luck);
        expect(waitMs).toBeGreaterThanOrEqual(base);
        expect(waitMs).toBeLessThanOrEqual(base * 1.2);
      },
    ),
  );
});

test("a bus handler that throws hides nothing from the others, and an ended one hears nothing", () => {
  const bus = createBus(silentLogger());
  const heard: string[] = [];
  bus.on("camera.changed", () => {
    throw new Error("broken");
  });
  const end = bus.on("camera.changed", () => heard.push("ended"));
  bus.on("camera.changed", ({ camera }) => heard.push(camera.name));
  end();
  bus.emit("camera.changed", { camera: aCamera({ name: "Caixa 1" }) });
  expect(heard).toEqual(["Caixa 1"]);
});

test("what was sealed opens with its key only, and not after any byte changed", () => {
  const box = createSecretBox(randomBytes(32));
  const sealed = box.seal("rtsp://user:señha@10.0.0.1/");
  expect(box.open(sealed)).toBe("rtsp://user:señha@10.0.0.1/");
  expect(box.seal("same").equals(box.seal("same"))).toBe(false);
  expect(() => createSecretBox(randomBytes(32)).open(sealed)).toThrow();
  for (let at = 0; at < sealed.length; at += 1) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    expect(() => box.open(bent)).toThrow();
  }
});

test("the key is made once, for its owner alone; a file of another length is refused", () => {
  const file = join(folder, "secret.key");
  const key = loadKey(file);
  expect(loadKey(file).equals(key)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, "short");
  expect(() => loadKey(file)).toThrow("not a key");
});

test.each([
  ["no route to rtsp://user:pa@ss@10.0.0.1:554/live?x=1", "no route to rtsp://***@10.0.0.1:554/live?x=1"],
  ["rtsps://u@h/ and RTSP://a:b@c/", "rtsps://***@h/ and RTSP://***@c/"],
  ["rtsp://h/user=admin_password=tl_Jw&channel=1", "rtsp://h/user=admin_password=***&channel=1"],
  ["rtsp://h/live and mail@example.org", "rtsp://h/live and mail@example.org"],
])("masks %s", (text, masked) => expect(maskAddresses(text)).toBe(masked));

test("a data folder belongs to one gateway at a time", () => {
  const data = join(folder, "new", "data");
  const first = takeDataFolder(data);
  expect(takeDataFolder(data)).toEqual({ status: "in_use" });
  expect(statSync(data).mode & 0o777).toBe(0o700);
  if (first.status === "ours") first.release();
  const second = takeDataFolder(data);
  expect(second.status).toBe("ours");
  if (second.status === "ours") second.release();
});

test("a data folder that cannot be one says why", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(takeDataFolder(file)).toMatchObject({ status: "unusable", reason: expect.stringContaining(file) });
});

test("the store's id stays the same, and a database opens again after its migrations", async () => {
  const file = join(folder, "ids.sqlite");
  const first = await openDatabase(file);
  const storeId = await loadStoreId(first.db, newId);
  await first.close();
  const second = await openDatabase(file);
  expect(await loadStoreId(second.db, newId)).toBe(storeId);
  expect(second.raw.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(second.raw.pragma("synchronous", { simple: true })).toBe(2);
  await second.close();
});
