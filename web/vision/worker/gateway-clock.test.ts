import { expect, test } from "vitest";
import { createGatewayClock } from "./gateway-clock.ts";

test("the gateway's time is told from the fastest picture, whatever this machine's clock says", () => {
  let localMs = 5_000_000;
  const clock = createGatewayClock(() => localMs);
  expect(clock.nowMs()).toBeNull();
  clock.hear(1_000_000 - 300);
  localMs += 1_000;
  clock.hear(1_001_000 - 20);
  localMs += 1_000;
  clock.hear(1_002_000 - 900);
  expect(clock.nowMs()).toBe(1_002_000 - 20);
});

test("a clock that was set back is believed within half an hour", () => {
  let localMs = 0;
  const clock = createGatewayClock(() => localMs);
  for (; localMs < 60_000; localMs += 1_000) clock.hear(localMs + 3_600_000);
  for (; localMs < 1_900_000; localMs += 1_000) clock.hear(localMs);
  expect(clock.nowMs()).toBe(localMs - 1_000 + 1_000);
});
