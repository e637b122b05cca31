import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { type Evidence, type EvidencePicture, NO_EVIDENCE } from "../evidence/evidence.ts";
import { createLateEvidence } from "./late-evidence.ts";

/** A service that notes what it is asked; `held` are the pictures it has on disk. */
function aService() {
  const held: string[] = [];
  const asked: string[] = [];
  const evidence: Evidence = {
    start: () => asked.push("start"),
    stop: () => asked.push("stop"),
    keep: async ({ mediaId }) => void held.push(mediaId),
    makeRoom: async () => false,
    flush: async () => void asked.push("flush"),
    status: () => ({ ...NO_EVIDENCE, waiting: held.length }),
    subscribe: () => () => {},
  };
  return { evidence, held, asked };
}

const facts = { cameraId: anId(), takenAtMs: 0, reason: "queue", boxes: [] };
const aPicture = (): EvidencePicture => ({ mediaId: anId(), sha256: "", bytes: new ArrayBuffer(0), facts });

test("a picture given before the service is here is kept once it comes, and only then said to be", async () => {
  const { evidence, held, asked } = aService();
  let arrive = (_evidence: Evidence) => {};
  const coming = new Promise<Evidence>((resolve) => {
    arrive = resolve;
  });
  const late = createLateEvidence(() => coming);
  late.start();
  let isKept = false;
  const kept = late.keep(aPicture()).then(() => {
    isKept = true;
  });
  expect([isKept, late.status()]).toEqual([false, NO_EVIDENCE]);
  arrive(evidence);
  await kept;
  expect(held).toHaveLength(1);
  expect(asked).toEqual(["start"]);
  expect(late.status().waiting).toBe(1);
});

test("a chunk that does not come is told, and fetched again by the next picture", async () => {
  const { evidence, held } = aService();
  let isThere = false;
  const late = createLateEvidence(async () => {
    if (!isThere) throw new TypeError("Failed to fetch");
    return evidence;
  });
  late.start();
  await expect(late.keep(aPicture())).rejects.toThrow("Failed to fetch");
  isThere = true;
  await late.keep(aPicture());
  expect(held).toHaveLength(1);
});
