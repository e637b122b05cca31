import { expect, test } from "vitest";
import { EVIDENCE_LIMIT, type EvidenceBox, EvidenceFacts, evidenceHeaders } from "#contract/evidence.ts";
import { anId } from "#contract/examples.ts";
import type { Jpeg } from "../../lib/jpeg.ts";
import type { TakenPicture } from "../station.ts";
import { createTakeEvidence } from "./evidence-picture.ts";

/** A busy machine is given time. */
const SOON = { timeout: 15_000 };

const CAMERA = anId();
const aBox = (score: number) => ({
  label: "person",
  score,
  box: { left: 0.123456789, top: 0.2, width: 0.1, height: 0.3 },
});

function setUp(overrides: Partial<Parameters<typeof createTakeEvidence<string, string>>[0]> = {}) {
  const kept: TakenPicture[] = [];
  const troubles: unknown[] = [];
  const held = new Set<string>();
  const takeEvidence = createTakeEvidence<string, string>({
    copy(frame) {
      held.add(frame);
      return frame;
    },
    release: (frame) => void held.delete(frame),
    encode: async (frame) => ({ bytes: bytesOf(frame), widthPx: 640, heightPx: 360 }),
    keep: async (picture) => void kept.push(picture),
    newId: anId,
    onTrouble: (_what, cause) => troubles.push(cause),
    ...overrides,
  });
  const take = (frame: string, boxes: EvidenceBox[] = [], takenAtMs = 0) =>
    takeEvidence(frame, { cameraId: CAMERA, takenAtMs, reason: "queue", boxes });
  return { take, kept, troubles, held };
}

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}

test("the link names exactly the bytes that are kept, with what was found beside them", async () => {
  const { take, kept } = setUp();
  const link = await take("a frame", [aBox(0.5)], 1_700_000_000_000.4);
  expect(kept).toHaveLength(1);
  expect(link).toEqual({
    mediaId: kept[0]?.mediaId,
    sha256: "a895a5dda6c7b6141dd908c976503d26ba3e6ad2300bcba6b5370edea2b03c77",
  });
  expect(EvidenceFacts.parse(kept[0]?.facts)).toEqual({
    cameraId: CAMERA,
    takenAtMs: 1_700_000_000_000,
    reason: "queue",
    boxes: [{ ...aBox(0.5), box: { left: 0.1235, top: 0.2, width: 0.1, height: 0.3 } }],
  });
});

test("of a crowd the surest boxes travel, in headers that any server takes", async () => {
  const { take, kept } = setUp();
  await take(
    "frame",
    Array.from({ length: 90 }, (_, i) => aBox(i / 100)),
  );
  const [picture] = kept;
  if (!picture) throw new Error("nothing was kept");
  expect(picture.facts.boxes).toHaveLength(EVIDENCE_LIMIT.boxes);
  expect(picture.facts.boxes[0]?.score).toBe(0.89);
  expect(JSON.stringify(evidenceHeaders(picture.sha256, picture.facts)).length).toBeLessThan(8_000);
});

test("a picture that cannot be made or kept is null, told, and stops no later one", async () => {
  let isBroken = true;
  const { take, troubles, held } = setUp({
    async keep() {
      if (isBroken) throw new Error("the disk is full");
    },
  });
  expect(await take("frame")).toBeNull();
  isBroken = false;
  expect(await take("frame")).not.toBeNull();
  expect(troubles).toHaveLength(1);
  expect(held.size).toBe(0);
});

test("frames are encoded one after the other, and more than a few at once are left out", async () => {
  const encoding: (() => void)[] = [];
  let most = 0;
  const encode = (frame: string) =>
    new Promise<Jpeg>((resolve) => {
      encoding.push(() => {
        encoding.shift();
        resolve({ bytes: bytesOf(frame), widthPx: 1, heightPx: 1 });
      });
      most = Math.max(most, encoding.length);
    });
  const { take } = setUp({ encode });
  const all = Array.from({ length: 6 }, () => take("frame"));
  expect(await all[5]).toBeNull();
  for (let i = 0; i < 4; i++) {
    await expect.poll(() => encoding.length, SOON).toBe(1);
    encoding[0]?.();
  }
  expect((await Promise.all(all)).filter((link) => link !== null)).toHaveLength(4);
  expect(most).toBe(1);
});
