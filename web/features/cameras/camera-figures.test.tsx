import { expect, test } from "vitest";
import type { CameraHealth } from "#contract/camera-health.ts";
import { anId } from "#contract/examples.ts";
import { rendered } from "../../locales/rendered.memory.tsx";
import { CameraFigures } from "./CameraFigures.tsx";

const HOUR_MS = 3_600_000;
const figures = (overrides: Partial<CameraHealth>) =>
  rendered(
    <CameraFigures
      health={{
        cameraId: anId(),
        status: "online",
        sinceAtMs: 0,
        uptime24h: 1,
        watched24hMs: 24 * HOUR_MS,
        watchdogRestarts: 0,
        circuit: "closed",
        ...overrides,
      }}
    />,
  );

test("uptime is never rounded up to a whole day without a gap", () => {
  expect(figures({ uptime24h: 0.9999 })).toContain("99.9 %");
  expect(figures({ uptime24h: 1 })).toContain("100 %");
});

test("uptime of less than a day says of how much", () => {
  expect(figures({ watched24hMs: 3 * HOUR_MS })).toContain("100 % of 3 h");
  expect(figures({ watched24hMs: 23.5 * HOUR_MS })).not.toContain(" of ");
});

test("a camera that was never frozen says nothing of it, and one that gives nothing no figures", () => {
  expect(figures({ fps: 14.96 })).not.toContain("frozen");
  expect(figures({ watchdogRestarts: 2 })).toContain("frozen");
  expect(figures({ uptime24h: null })).not.toContain("<dl");
});
