import { afterEach, beforeEach, expect, test } from "vitest";
import { EventRecord } from "#contract/events.ts";
import { anId } from "#contract/examples.ts";
import { CameraSnapshotPayload } from "#contract/payloads.ts";
import type { Evidence } from "./evidence.ts";
import { type EvidenceHarness, evidenceHarness } from "./harness.memory.ts";
import { aPicture, someFacts } from "./jpeg.memory.ts";

const DAY_MS = 24 * 3_600_000;

let run: EvidenceHarness;
beforeEach(async () => {
  run = await evidenceHarness();
});
afterEach(() => run.close());

async function asked(evidence: Evidence, cameraId: string): Promise<string> {
  const answer = await evidence.ask(cameraId, "a box fell", "page");
  if (answer.kind !== "granted") throw new Error("refused");
  return answer.ticket.mediaId;
}

test("a picture that was asked for is told of once, in the contract's form, however often it is brought", async () => {
  const evidence = run.start();
  const cameraId = anId();
  const picture = aPicture({ mediaId: await asked(evidence, cameraId), facts: someFacts({ cameraId }) });
  await evidence.store(picture);
  await evidence.store(picture);
  await run.start().store(picture);
  expect(run.recorded).toHaveLength(1);
  const [event] = run.recorded;
  expect(EventRecord.parse(event)).toMatchObject({ event_name: "camera.snapshot", camera_id: cameraId });
  expect(CameraSnapshotPayload.parse(event?.payload)).toEqual({
    media_id: picture.mediaId,
    sha256: picture.sha256,
    width: 64,
    height: 48,
    reason: "a box fell",
    requested_by: "page",
  });
});

test("nobody asked, or for another camera: the picture is kept, and nothing is told", async () => {
  const evidence = run.start();
  await evidence.store(aPicture());
  const mediaId = await asked(evidence, anId());
  await evidence.store(aPicture({ mediaId }));
  expect(run.recorded).toEqual([]);
  expect(run.files()).toHaveLength(2);
});

test("an event that cannot be stored refuses the picture, and the sender's next try tells it", async () => {
  const evidence = run.start();
  const cameraId = anId();
  const picture = aPicture({ mediaId: await asked(evidence, cameraId), facts: someFacts({ cameraId }) });
  run.recordFails = Object.assign(new Error("full"), { code: "SQLITE_FULL" });
  await expect(evidence.store(picture)).rejects.toMatchObject({ code: "storage_unavailable" });
  run.recordFails = null;
  expect((await evidence.store(picture)).outcome).toBe("duplicate");
  expect(run.recorded).toHaveLength(1);
});

test("killed between the picture and its event: the next start tells it, also when nobody brings it again", async () => {
  const evidence = run.start();
  const cameraId = anId();
  const picture = aPicture({ mediaId: await asked(evidence, cameraId), facts: someFacts({ cameraId }) });
  run.recordFails = new Error("killed");
  await expect(evidence.store(picture)).rejects.toThrow("killed");
  run.recordFails = null;
  const next = run.start();
  await next.start();
  expect(run.recorded).toHaveLength(1);
  await next.stop();
});

test("leave that was never used is forgotten after its time; the picture is then only kept", async () => {
  const evidence = run.start();
  const cameraId = anId();
  const mediaId = await asked(evidence, cameraId);
  run.nowMs += 8 * DAY_MS;
  await evidence.store(aPicture({ mediaId, facts: someFacts({ cameraId }) }));
  expect(run.recorded).toEqual([]);
});
