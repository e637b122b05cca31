import { expect, test } from "vitest";
import type { CameraHealth } from "#contract/camera-health.ts";
import type { CameraState } from "#contract/cameras.ts";
import { anId } from "#contract/examples.ts";
import { conditionOf } from "./camera-condition.ts";

const aHealth = (overrides: Partial<CameraHealth> = {}): CameraHealth => ({
  cameraId: anId(),
  status: "online",
  sinceAtMs: 7,
  uptime24h: 1,
  watched24hMs: 1,
  watchdogRestarts: 0,
  circuit: "closed",
  ...overrides,
});
const format = { family: "h264" as const, codec: "avc1.4D401E", hasBFrames: false };
const online: CameraState = { status: "online", sinceAtMs: 5, format };
const down: CameraState = {
  status: "down",
  sinceAtMs: 5,
  fault: "timeout",
  detail: "no answer",
  nextTryAtMs: 9,
};

test("a camera that plays is online, or degraded when the gateway sees that it loses much", () => {
  expect(conditionOf(online, undefined)).toEqual({ status: "online", sinceAtMs: 5 });
  expect(conditionOf(online, aHealth())).toEqual({ status: "online", sinceAtMs: 5 });
  const degraded = aHealth({ status: "degraded", reason: "packet_loss" });
  expect(conditionOf(online, degraded)).toEqual({ status: "degraded", reason: "packet_loss", sinceAtMs: 7 });
});

test("a camera that is down says why, what it said, and when it is tried again", () => {
  expect(conditionOf(down, aHealth())).toEqual({
    status: "offline",
    reason: "timeout",
    sinceAtMs: 5,
    trouble: { detail: "no answer", nextTryAtMs: 9, isLeftAlone: false },
  });
  expect(conditionOf(down, aHealth({ circuit: "open" })).trouble?.isLeftAlone).toBe(true);
  expect(conditionOf({ ...down, fault: "frozen" }, undefined).status).toBe("frozen");
});

test("a wrong password waits for a person", () => {
  const refused: CameraState = { status: "down", sinceAtMs: 5, fault: "unauthorized", detail: "401" };
  expect(conditionOf(refused, aHealth({ circuit: "open" }))).toMatchObject({
    status: "unauthorized",
    trouble: { nextTryAtMs: null, isLeftAlone: false },
  });
});
