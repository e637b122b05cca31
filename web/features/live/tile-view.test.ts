import { expect, test } from "vitest";
import type { CameraState } from "#contract/cameras.ts";
import type { PlayerState } from "../../hooks/use-player.ts";
import { tileView } from "./tile-view.ts";

const PLAYING: PlayerState = {
  status: "playing",
  transport: "webrtc",
  reason: "best",
  widthPx: 640,
  heightPx: 360,
};
const STALLED: PlayerState = {
  status: "stalled",
  transport: "webrtc",
  reason: "best",
  lastPictureAtMs: 9_000,
};
const CONNECTING: PlayerState = { status: "connecting", transport: "direct", reason: "media_missing" };

const down = (fault: "unauthorized" | "frozen" | "refused", nextTryAtMs?: number): CameraState => ({
  status: "down",
  sinceAtMs: 1,
  fault,
  detail: "said so",
  ...(nextTryAtMs !== undefined && { nextTryAtMs }),
});

test("the camera's own fault is said while the player only waits", () => {
  expect(tileView(down("unauthorized"), CONNECTING, true)).toMatchObject({
    status: "failed",
    fault: "unauthorized",
    triesAgain: false,
  });
  expect(tileView(down("refused", 5), STALLED, true)).toMatchObject({
    fault: "refused",
    lastPictureAtMs: 9_000,
    triesAgain: true,
  });
});

test("a moving picture stays in sight when only the tap is refused", () => {
  expect(tileView(down("refused", 5), PLAYING, true)).toEqual({ status: "playing", notice: "refused" });
});

test("a frozen camera is not taken for playing, whatever the player sees", () => {
  expect(tileView(down("frozen", 5), PLAYING, true)).toMatchObject({ status: "failed", fault: "frozen" });
});

test("with the gateway away its old word on the camera does not count", () => {
  expect(tileView(down("unauthorized"), STALLED, false)).toMatchObject({
    status: "stalled",
    fault: "network",
  });
});
