import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EVIDENCE_LIMIT } from "#contract/evidence.ts";
import { anId } from "#contract/examples.ts";
import { createBus } from "../kernel/bus.ts";
import { silentLogger } from "../kernel/logger.ts";
import { sqliteEvidence } from "./evidence.sqlite.ts";
import { createEvidenceFiles } from "./evidence-files.ts";
import { type EvidenceHarness, evidenceHarness } from "./harness.memory.ts";
import { aJpeg, aPicture } from "./jpeg.memory.ts";
import { createStoreEvidence } from "./store-evidence.ts";

/** A busy machine is given time. */
const SOON = { timeout: 15_000 };

let run: EvidenceHarness;
beforeEach(async () => {
  run = await evidenceHarness();
});
afterEach(() => run.close());

test("a picture is on disk as it came, under a name of the gateway's, with its facts in the row", async () => {
  const evidence = run.start();
  const picture = aPicture();
  expect(await evidence.store(picture)).toEqual({ mediaId: picture.mediaId, outcome: "stored" });
  const row = await evidence.find(picture.mediaId);
  expect(row).toMatchObject({ ...picture.facts, widthPx: 64, heightPx: 48, sizeBytes: picture.bytes.length });
  expect(row?.file).toMatch(/^\d{4}-\d\d-\d\d\/[0-9a-f-]{36}\.jpg$/);
  expect(row?.file).not.toContain(picture.mediaId);
  expect(readFileSync(evidence.files.pathOf(row?.file ?? ""))).toEqual(picture.bytes);
  expect(run.told).toEqual([picture.mediaId]);
  expect(evidence.figures()).toEqual({ stored: 1, swept: 0, pictures: 1, bytes: picture.bytes.length });
});

test("the same bytes again are a duplicate and leave one file; other bytes under the id are a conflict", async () => {
  const evidence = run.start();
  const picture = aPicture();
  await evidence.store(picture);
  expect((await evidence.store(picture)).outcome).toBe("duplicate");
  const other = aPicture({ mediaId: picture.mediaId, bytes: aJpeg({ fill: "another" }) });
  await expect(evidence.store(other)).rejects.toMatchObject({ code: "conflict" });
  expect(run.files()).toHaveLength(1);
  expect(run.told).toHaveLength(1);
});

test("one id sent many times at once is stored once", async () => {
  const evidence = run.start();
  const picture = aPicture();
  const answers = await Promise.all(Array.from({ length: 8 }, () => evidence.store(picture)));
  expect(answers.filter(({ outcome }) => outcome === "stored")).toHaveLength(1);
  expect(run.files()).toHaveLength(1);
  expect(evidence.figures().pictures).toBe(1);
});

test("what is no JPEG, too large, or has another hash is refused and leaves nothing", async () => {
  const evidence = run.start();
  const huge = aJpeg({ fill: "x".repeat(EVIDENCE_LIMIT.bytes) });
  const png = Buffer.from("89504e470d0a1a0a0000", "hex");
  await expect(evidence.store(aPicture({ bytes: png }))).rejects.toMatchObject({
    code: "unsupported_media_type",
  });
  await expect(evidence.store(aPicture({ bytes: huge }))).rejects.toMatchObject({ code: "body_too_large" });
  await expect(evidence.store(aPicture({ sha256: "0".repeat(64) }))).rejects.toMatchObject({
    code: "invalid_body",
  });
  expect(run.files()).toEqual([]);
});

const noSpace = () => Object.assign(new Error("no space left on device"), { code: "ENOSPC" });

/** The use-case on the harness's disk and database, with parts of it failing. */
function storeWith({ files = {}, rows = {} }: { files?: object; rows?: object }) {
  return createStoreEvidence({
    rows: { ...sqliteEvidence(run.database), ...rows },
    files: { ...createEvidenceFiles(run.folder, () => run.nowMs), ...files },
    bus: createBus(silentLogger()),
    newId: anId,
    nowMs: () => run.nowMs,
    onKept: async () => undefined,
  });
}

test("a full disk refuses for a later try, and no half of the picture is ever served", async () => {
  const picture = aPicture();
  const store = storeWith({
    files: {
      async write() {
        throw noSpace();
      },
    },
  });
  await expect(store(picture)).rejects.toMatchObject({ code: "storage_unavailable" });
  expect(await run.start().find(picture.mediaId)).toBeNull();
  expect((await run.start().store(picture)).outcome).toBe("stored");
});

test("a database that takes no row leaves no file either", async () => {
  const store = storeWith({
    rows: {
      async insert() {
        throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
      },
    },
  });
  await expect(store(aPicture())).rejects.toMatchObject({ code: "storage_unavailable" });
  expect(run.files()).toEqual([]);
});

test("killed before the rename: what was half written is neither served nor left, and the sender's next try is stored", async () => {
  const picture = aPicture();
  mkdirSync(join(run.folder, "incoming"), { recursive: true });
  writeFileSync(join(run.folder, "incoming", "1-2-3.part"), picture.bytes.subarray(0, 10));
  const evidence = run.start();
  await evidence.start();
  expect(run.files()).toEqual([]);
  expect(await evidence.find(picture.mediaId)).toBeNull();
  expect((await evidence.store(picture)).outcome).toBe("stored");
  await evidence.stop();
});

test("killed between the rename and the row: the picture is not served, and its file goes with the next sweep", async () => {
  const picture = aPicture();
  const first = storeWith({ rows: { insert: () => new Promise(() => undefined) } });
  void first(picture); // never comes to its row
  await expect.poll(() => run.files().filter((name) => name.endsWith(".jpg")), SOON).toHaveLength(1);
  const evidence = run.start();
  await evidence.start();
  expect(await evidence.find(picture.mediaId)).toBeNull();
  expect((await evidence.store(picture)).outcome).toBe("stored");
  expect(run.files()).toHaveLength(2);
  run.pass(20 * 60_000);
  await expect.poll(() => run.files(), SOON).toHaveLength(1);
  expect(readFileSync(evidence.files.pathOf((await evidence.find(picture.mediaId))?.file ?? ""))).toEqual(
    picture.bytes,
  );
  await evidence.stop();
});
