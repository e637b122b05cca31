import { expect, test } from "vitest";
import type { CameraHealth } from "#contract/camera-health.ts";
import { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import { CameraHealthPayload } from "#contract/payloads.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createHealthEvents } from "./health-events.ts";

const aHealth = (overrides: Partial<CameraHealth> = {}): CameraHealth => ({
  cameraId: anId(),
  status: "online",
  sinceAtMs: 1_000,
  uptime24h: 1,
  watched24hMs: 1,
  watchdogRestarts: 0,
  circuit: "closed",
  ...overrides,
});

function aRecorder() {
  const stored: EventRecord[] = [];
  const disk = { isFull: false };
  const events = createHealthEvents({
    async record(batch) {
      if (disk.isFull) throw new Error("no space");
      stored.push(...batch.map((event) => EventRecord.parse(event)));
    },
    storeId: STORE_ID,
    newId: anId,
    log: silentLogger(),
  });
  return { events, stored, disk };
}

test("an event has the payload of the contract, and comes from the gateway", async () => {
  const { events, stored } = aRecorder();
  const health = aHealth({
    status: "degraded",
    reason: "packet_loss",
    fps: 9.5,
    bitrateKbps: 300,
    lastFrameAtMs: 1_500,
  });
  events.changed(health, 2_000);
  await events.flush();
  expect(stored).toMatchObject([
    { event_name: "camera.health", source: "backend", camera_id: health.cameraId, store_id: STORE_ID },
  ]);
  expect(stored[0]?.ts).toBe("1970-01-01T00:00:02.000Z");
  expect(CameraHealthPayload.parse(stored[0]?.payload)).toEqual({
    status: "degraded",
    reason: "packet_loss",
    fps: 9.5,
    bitrate_kbps: 300,
    last_frame_at: "1970-01-01T00:00:01.500Z",
    since: "1970-01-01T00:00:01.000Z",
  });
});

test("a camera and bucket have one receipt, also after a restart; a change has its own", async () => {
  const [one, two] = [aRecorder(), aRecorder()];
  const health = aHealth();
  for (const { events } of [one, two]) {
    events.periodic(health, 300_000);
    events.periodic(health, 599_999);
    events.periodic(health, 600_000);
    events.periodic({ ...health, cameraId: anId() }, 600_000);
    events.changed(health, 600_000);
    await events.flush();
  }
  const receipts = one.stored.map((event) => event.receipt_id);
  expect(receipts[0]).toBe(receipts[1]);
  expect(new Set(receipts).size).toBe(4);
  expect(two.stored.map((event) => event.receipt_id).slice(0, 3)).toEqual(receipts.slice(0, 3));
  expect(receipts).not.toContain(two.stored.at(-1)?.receipt_id);
});

test("what nobody has seen yet is no event", async () => {
  const { events, stored } = aRecorder();
  events.periodic(aHealth({ status: "unknown" }), 1_000);
  await events.flush();
  expect(stored).toEqual([]);
});

test("what cannot be stored waits and is stored later, in its order, once", async () => {
  const { events, stored, disk } = aRecorder();
  disk.isFull = true;
  const changes = (["online", "frozen", "offline"] as const).map((status) => aHealth({ status }));
  for (const health of changes) {
    events.changed(health, 1_000);
    await events.flush();
  }
  expect(stored).toEqual([]);
  disk.isFull = false;
  await events.flush();
  await events.flush();
  expect(stored.map((event) => event.camera_id)).toEqual(changes.map(({ cameraId }) => cameraId));
});
