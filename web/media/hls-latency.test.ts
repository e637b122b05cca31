import { expect, test } from "vitest";
import { hlsLatencyMs } from "./hls-latency.ts";

test("the playlist's times tell how old a picture is", () => {
  expect(hlsLatencyMs({ shownSentAtMs: 10_000, gatewayNowMs: 11_300, behindEdgeMs: 900 })).toBe(1_300);
  expect(hlsLatencyMs({ shownSentAtMs: 10_000, gatewayNowMs: 11_300, behindEdgeMs: null })).toBe(1_300);
});

test("without the gateway's clock, or where the camera's clock went wrong, the live edge does", () => {
  expect(hlsLatencyMs({ shownSentAtMs: 10_000, gatewayNowMs: null, behindEdgeMs: 900 })).toBe(900);
  expect(hlsLatencyMs({ shownSentAtMs: 10_000, gatewayNowMs: 15_300, behindEdgeMs: 900 })).toBe(900);
  expect(hlsLatencyMs({ shownSentAtMs: 19_000, gatewayNowMs: 15_300, behindEdgeMs: 900 })).toBe(900);
});

test("where nothing is known nothing is told", () => {
  expect(hlsLatencyMs({ shownSentAtMs: null, gatewayNowMs: 5, behindEdgeMs: null })).toBeNull();
});
