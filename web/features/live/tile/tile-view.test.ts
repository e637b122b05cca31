import { expect, test } from "vitest";
import type { PlayerState } from "../../../hooks/use-player.ts";
import { troubleOf } from "./tile-view.ts";

const WAY = { transport: "webrtc", reason: "best" } as const;

test("a live picture, one on its way and one not wanted are no trouble", () => {
  const states: PlayerState[] = [
    { status: "idle" },
    { status: "connecting", ...WAY },
    { status: "playing", ...WAY, stream: "sub", widthPx: 640, heightPx: 360 },
  ];
  for (const state of states) expect(troubleOf(state)).toBeNull();
});

test("a picture that stands still is told by its cause, with the age of what is seen", () => {
  for (const cause of ["no_bytes", "no_pictures", "late"] as const)
    expect(troubleOf({ status: "stalled", ...WAY, cause, lastPictureAtMs: 9_000 })).toMatchObject({
      fault: cause,
      lastPictureAtMs: 9_000,
      triedAgain: "by_itself",
    });
  const frozen = { status: "frozen", transport: null, reason: null, lastPictureAtMs: 7_000 } as const;
  expect(troubleOf(frozen)).toMatchObject({ fault: "frozen", lastPictureAtMs: 7_000 });
});

test("a camera that is away says when it is tried again", () => {
  const offline = { status: "offline", fault: "refused", detail: "said so", lastPictureAtMs: null } as const;
  expect(troubleOf({ ...offline, nextTryAtMs: 50_000 })).toMatchObject({
    fault: "refused",
    detail: "said so",
    nextTryAtMs: 50_000,
  });
  expect(troubleOf(offline)?.nextTryAtMs).toBeNull();
});

test("a wrong password waits for a person, and what a browser cannot play is never tried again", () => {
  expect(troubleOf({ status: "unauthorized", detail: "401", lastPictureAtMs: null })?.triedAgain).toBe(
    "person",
  );
  expect(troubleOf({ status: "unsupported", fault: "unsupported_codec", detail: "MJPEG" })?.triedAgain).toBe(
    "never",
  );
});
