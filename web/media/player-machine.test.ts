import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CameraState } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import { broken, h264, running, setUp, size, started, twoStreams } from "./player-machine.memory.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("an old picture stands there while the first new one is waited for, and is no sign of life", () => {
  const { machine, last, state } = setUp({ media: { status: "missing" } });
  machine.start();
  const session = last("direct");
  session.events.onStill();
  expect(session.isShown).toBe(true);
  expect(state()?.status).toBe("connecting");
  machine.stop();
});

test("the first picture makes it playing", () => {
  const player = started();
  expect(player.state()).toEqual({ status: "connecting", transport: "webrtc", reason: "best" });
  player.last().play();
  expect(player.state()).toEqual({
    status: "playing",
    transport: "webrtc",
    reason: "best",
    stream: "main",
    ...size,
  });
  expect(player.last().isShown).toBe(true);
});

test("without a new picture for 3 s it is stalled, and frozen or offline once the gateway knows better", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(2_750);
  expect(player.state()).toMatchObject({ status: "playing" });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "stalled", lastPictureAtMs: 1_000_000 });
  player.down("frozen");
  expect(player.state()).toMatchObject({ status: "frozen", lastPictureAtMs: 1_000_000 });
  player.down("timeout");
  expect(player.state()).toMatchObject({ status: "offline", fault: "timeout", lastPictureAtMs: 1_000_000 });
});

test("a camera that refused the password is not asked again, and plays at once when it is back", () => {
  const player = started();
  player.down("unauthorized");
  expect(player.last().isStopped).toBe(true);
  player.last().events.onFailed(broken);
  expect(player.state()).toEqual({ status: "unauthorized", detail: "gone", lastPictureAtMs: null });
  vi.advanceTimersByTime(60_000);
  expect(player.sessions).toHaveLength(1);

  player.connecting();
  expect(player.state()).toMatchObject({ status: "unauthorized" });
  player.online();
  expect(player.sessions).toHaveLength(2);
  expect(player.last().transport).toBe("webrtc");
});

test("a password that the camera list knows to be wrong is not tried even once", () => {
  const state: CameraState = { status: "down", sinceAtMs: 0, fault: "unauthorized", detail: "gone" };
  const player = setUp({ camera: aCamera({ state }) });
  player.machine.start();
  player.link(true);
  vi.advanceTimersByTime(5_000);
  expect(player.sessions).toHaveLength(0);
  expect(player.state()).toMatchObject({ status: "unauthorized" });
  player.online();
  expect(player.last().transport).toBe("webrtc");
});

test("what reads a camera through the media server lets go of it once its password is refused", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  player.down("unauthorized");
  vi.advanceTimersByTime(3_250);
  expect(player.last().isReleased).toBe(true);
  expect(player.last().isStopped).toBe(false);
});

test("the old picture stays until the new try has its first one", () => {
  const player = started();
  const first = player.last();
  first.play();
  player.down();
  first.pause();
  vi.advanceTimersByTime(8_000);
  player.online();
  const second = player.last("webrtc");
  expect(second).not.toBe(first);
  expect(first.isStopped).toBe(false);
  second.play();
  expect(first.isStopped).toBe(true);
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc" });
});

test("a try that hangs on a frozen stream is made anew when the camera is back", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(3_500);
  const hanging = player.last("webrtc");
  player.down("frozen");
  vi.advanceTimersByTime(5_000);
  player.online();
  expect(hanging.isStopped).toBe(true);
  expect(player.opened("webrtc")).toBe(3);
  expect(player.open().map(({ transport }) => transport)).toEqual(["webrtc", "webrtc", "direct"]);
});

test("when WebRTC fails the next one is tried at once, and WebRTC again after 30 s behind the picture", () => {
  const player = started();
  player.last().events.onFailed(broken);
  expect(player.last().transport).toBe("hls");
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "hls", reason: "webrtc_failed_lately" });

  vi.advanceTimersByTime(29_000);
  expect(player.sessions).toHaveLength(2);
  vi.advanceTimersByTime(1_250);
  const again = player.last();
  expect(again.transport).toBe("webrtc");
  expect(player.state()).toMatchObject({ status: "playing", transport: "hls" });
  again.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "best" });
  expect(player.open()).toEqual([again]);
});

test("each further failure of a better transport doubles the wait for its next try", () => {
  const player = started();
  player.last().events.onFailed(broken);
  player.last().play();
  vi.advanceTimersByTime(30_250);
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(59_000);
  expect(player.sessions).toHaveLength(3);
  vi.advanceTimersByTime(1_250);
  expect(player.sessions).toHaveLength(4);
});

test("connected without pictures is a failure of the transport while the camera is well", () => {
  const player = started();
  const webrtc = player.last();
  webrtc.play();
  vi.advanceTimersByTime(5_000);
  webrtc.pause();
  vi.advanceTimersByTime(7_000);
  expect(webrtc.isReleased).toBe(true);
  expect(player.last().transport).not.toBe("webrtc");
});

test("what failed because of the camera is not held against the transport", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(7_000); // given up: WebRTC is blamed
  player.down("frozen"); // and then the gateway finds out why
  vi.advanceTimersByTime(5_000);
  const before = player.opened("webrtc");
  player.online();
  expect(player.opened("webrtc")).toBe(before + 1);
});

test("a transport that takes long is bridged by direct", () => {
  const player = started();
  const webrtc = player.last();
  vi.advanceTimersByTime(1_500);
  const bridge = player.last();
  expect(bridge.transport).toBe("direct");
  bridge.play();
  expect(player.state()).toMatchObject({
    status: "playing",
    transport: "direct",
    reason: "while_connecting",
  });
  webrtc.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "best" });
  expect(player.open()).toEqual([webrtc]);
});

test("without a media server it plays direct, and climbs as soon as that runs", () => {
  const player = started({ media: { status: "starting" } });
  expect(player.last().transport).toBe("direct");
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "direct", reason: "media_starting" });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
  player.last().play();
  expect(player.open()).toHaveLength(1);
  expect(player.state()).toMatchObject({ transport: "webrtc" });
});

test("a picture that plays is kept while the media server restarts", () => {
  const player = started();
  player.last().play();
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  vi.advanceTimersByTime(10_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc" });
});

test("a media server that says it is not ready is asked again after 3 s, with direct meanwhile", () => {
  const player = started();
  player.last().events.onFailed({ kind: "unavailable", detail: "starting" });
  expect(player.last().transport).toBe("direct");
  player.last().play();
  vi.advanceTimersByTime(3_250);
  expect(player.last().transport).toBe("webrtc");
});

test("B-frames that are seen later change the choice", () => {
  const player = started();
  player.online({ ...h264, hasBFrames: true });
  expect(player.last().transport).toBe("hls");
  expect(player.open()).toHaveLength(1);
});

test("when the gateway is gone nothing is tried, and all again as soon as it is back", () => {
  const player = started();
  player.last().play();
  player.link(false);
  player.last().events.onFailed({ kind: "network", detail: "no answer" });
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "offline", fault: "network", lastPictureAtMs: 1_000_000 });
  player.link(true);
  expect(player.sessions.slice(1).map(({ transport }) => transport)).toEqual(["webrtc", "direct"]);
});

test("a gateway that was never there fails as network", () => {
  const player = setUp();
  player.machine.start();
  player.link(false);
  player.last().events.onFailed({ kind: "network", detail: "no answer" });
  expect(player.state()).toMatchObject({ status: "offline", fault: "network", lastPictureAtMs: null });
});

test("a pinned transport is the only one, tried again with growing waits", () => {
  const player = started({ pinned: "webrtc" });
  for (const waitMs of [300, 600, 1_200]) {
    const before = player.sessions.length;
    player.last().events.onFailed(broken);
    vi.advanceTimersByTime(waitMs - 100);
    expect(player.sessions).toHaveLength(before);
    vi.advanceTimersByTime(350);
    expect(player.sessions).toHaveLength(before + 1);
  }
  expect(new Set(player.sessions.map((session) => session.transport))).toEqual(new Set(["webrtc"]));
});

test("direct is left to come back with the camera by itself", () => {
  const player = started({ media: { status: "missing" } });
  const direct = player.last();
  direct.play();
  player.down();
  direct.pause();
  vi.advanceTimersByTime(30_000);
  player.online();
  vi.advanceTimersByTime(500);
  direct.play();
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "playing", transport: "direct" });
});

test("a sub stream that is not found does not keep a small tile from the main stream", () => {
  const player = setUp({ camera: twoStreams });
  player.machine.start();
  player.link(true);
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "sub" });
  player.down("not_found");
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "main" });
  expect(player.open()).toHaveLength(1);
  player.last().play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "main", notice: "not_found" });
});

test("a codec that no way decodes is said, until the camera sends another", () => {
  const player = started({ pinned: "direct" });
  player.last().events.onFailed({ kind: "unsupported", detail: "H.265" });
  vi.advanceTimersByTime(10_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "unsupported", fault: "unsupported_codec" });
  player.online({ ...h264, codec: "avc1.640028" });
  expect(player.last().isStopped).toBe(false);
  expect(player.state()).toMatchObject({ status: "connecting", transport: "direct" });
});

test("stopping lets go of everything, and starting again plays again", () => {
  const player = started();
  player.last().play();
  player.machine.stop();
  expect(player.open()).toEqual([]);
  expect(player.isWatched()).toBe(false);
  expect(player.state()).toEqual({ status: "idle" });
  vi.advanceTimersByTime(60_000);
  expect(player.sessions).toHaveLength(1);

  player.machine.start();
  player.last().play();
  expect(player.state()).toMatchObject({ status: "playing" });
});

test("back in sight, direct is opened at once beside the better transport", () => {
  const player = started();
  player.last().play();
  player.machine.stop();
  player.machine.start();
  expect(player.open().map(({ transport }) => transport)).toEqual(["webrtc", "direct"]);
});

test("after a sleep all is opened anew at once and nobody is blamed", () => {
  const player = started();
  const before = player.last();
  before.play();
  before.pause();
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(250);
  expect(player.opened("webrtc")).toBe(2);
  expect(player.opened("hls")).toBe(0);
});

test("when the network is back, what failed on the old one is asked again at once", () => {
  const player = started();
  player.last().events.onFailed(broken);
  player.last().play();
  player.machine.wake();
  expect(player.last().transport).toBe("webrtc");
});

test("a picture that comes through a media server that is away is replaced in 2 s", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  vi.advanceTimersByTime(2_000);
  player.last("direct").play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "direct", reason: "media_starting" });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
});

test("what played well for long and breaks is asked again before anything worse is", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(40_000);
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(500);
  expect(player.opened("webrtc")).toBe(2);
  expect(player.opened("hls")).toBe(0);
  expect(player.opened("direct")).toBe(1);
});

test("a media server that was away for a moment is asked anew without waiting for the dead session", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(10_000);
  player.last().pause();
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  vi.advanceTimersByTime(500);
  player.machine.update({ camera: player.camera, media: running });
  vi.advanceTimersByTime(1_250);
  expect(player.opened("webrtc")).toBe(2);
});

test("what a gone media server left is replaced behind its last pictures as soon as a new one runs", () => {
  const player = started();
  const orphan = player.last();
  orphan.play();
  vi.advanceTimersByTime(1_000);
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.open()).toEqual([orphan, player.last("webrtc")]);
  expect(player.state()).toMatchObject({ status: "playing" });
  player.last("webrtc").play();
  expect(orphan.isStopped).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(player.opened("webrtc")).toBe(2);
});

test("a floating picture of a gone media server is left to play out", () => {
  const player = started({ isHeld: () => true });
  player.last().play();
  vi.advanceTimersByTime(1_000);
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.opened("webrtc")).toBe(1);
});

test("a try that hangs on a gone media server is made anew with the next one", () => {
  const player = started({ pinned: "hls" });
  const hanging = player.last();
  vi.advanceTimersByTime(1_000);
  player.machine.update({ camera: player.camera, media: { status: "restarting" }, pinned: "hls" });
  player.machine.update({ camera: player.camera, media: running, pinned: "hls" });
  expect(hanging.isStopped).toBe(true);
  expect(player.open()).toEqual([player.last("hls")]);
});

test("a media server that has just started is forgiven what it does not know yet", () => {
  const player = started({ media: { status: "restarting" } });
  player.last().play();
  player.machine.update({ camera: player.camera, media: running });
  player.last("webrtc").events.onFailed(broken);
  vi.advanceTimersByTime(4_000);
  expect(player.opened("webrtc")).toBe(2);
});
