import { expect, test } from "vitest";
import { rendered } from "../../locales/rendered.memory.tsx";
import { ProbeResult } from "./AddressTest.tsx";

const format = {
  family: "h264" as const,
  codec: "avc1.4D401E",
  widthPx: 1280,
  heightPx: 720,
  hasBFrames: false,
};

test("an address that answers says what it sends, and warns of B-frames", () => {
  const plain = rendered(
    <ProbeResult answer={{ outcome: "ok", format: { ...format, fps: 14.97 }, tookMs: 80 }} />,
  );
  expect(plain).toContain("H.264, 1280 × 720, 15 pictures per second");
  expect(plain).not.toContain("B-frames");
  const warned = { outcome: "ok" as const, format: { ...format, hasBFrames: true }, tookMs: 80 };
  expect(rendered(<ProbeResult answer={warned} />)).toContain("B-frames");
});

test("an address that fails says why in words, and the camera's own words for a technician", () => {
  const answer = {
    outcome: "failed" as const,
    fault: "unauthorized" as const,
    detail: "401 Unauthorized",
    tookMs: 30,
  };
  const html = rendered(<ProbeResult answer={answer} />, "pt-BR");
  expect(html).toContain("Usuário ou senha errados");
  expect(html).toContain("401 Unauthorized");
});
