import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { broken, h264, running, size, started, twoStreams } from "./player-machine.memory.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

// streams

test("an enlarged tile gets the main stream, with its first picture and not before", () => {
  const player = started({ camera: twoStreams });
  const small = player.last();
  small.play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub" });
  player.machine.resize(1_280);
  const large = player.last();
  expect(large).toMatchObject({ transport: "webrtc", stream: "main" });
  vi.advanceTimersByTime(2_000);
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub" });
  large.play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "main", reason: "best" });
  expect(player.open()).toEqual([large]);
  player.machine.resize(300);
  player.last().play();
  expect(player.state()).toMatchObject({ stream: "sub" });
});

test("a tile that is enlarged and shrunk again at once keeps what it has", () => {
  const player = started({ camera: twoStreams });
  const small = player.last();
  small.play();
  player.machine.resize(1_280);
  player.machine.resize(300);
  expect(player.open()).toEqual([small]);
});

test("a main stream that cannot be had leaves the sub stream playing and is not asked for all the time", () => {
  const player = started({ camera: twoStreams });
  player.last().play();
  player.machine.resize(1_280);
  for (const transport of ["webrtc", "hls", "direct"] as const) {
    expect(player.last()).toMatchObject({ transport, stream: "main" });
    player.last().events.onFailed(broken);
  }
  const before = player.sessions.length;
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(before);
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub", transport: "webrtc" });
});

test("a main stream of another codec does not spoil the sub stream's better transport", () => {
  const player = started({ camera: twoStreams });
  player.last().play();
  player.machine.resize(1_280);
  player.last().events.onFailed({ kind: "unsupported", detail: "H.265" });
  expect(player.last()).toMatchObject({ transport: "hls", stream: "main" });
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "hls", stream: "main", reason: "codec_not_in_webrtc" });
  player.machine.resize(300);
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "sub" });
});

test("a pinned transport is kept when the stream changes", () => {
  const player = started({ camera: twoStreams, pinned: "direct" });
  player.last().play();
  player.machine.resize(1_280);
  expect(player.last()).toMatchObject({ transport: "direct", stream: "main" });
});

test("what floats as picture in picture is not replaced by anything better", () => {
  const player = started({ camera: twoStreams, isHeld: () => true });
  player.last().play();
  player.machine.resize(1_280);
  vi.advanceTimersByTime(5_000);
  expect(player.sessions).toHaveLength(1);
});

// pins

test("a choice made while it plays is followed without a gap, and so is its end", () => {
  const player = started();
  const webrtc = player.last();
  webrtc.play();
  player.machine.update({ camera: player.camera, media: running, pinned: "hls" });
  const hls = player.last();
  expect(hls.transport).toBe("hls");
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "until_pinned" });
  hls.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "hls", reason: "pinned" });
  expect(player.open()).toEqual([hls]);
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
});

test("a chosen transport that does not work leaves the picture that is there", () => {
  const player = started();
  player.last().play();
  player.machine.update({ camera: player.camera, media: running, pinned: "direct" });
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(20_000);
  expect(player.state()).toMatchObject({ transport: "webrtc", reason: "until_pinned" });
  expect(player.sessions).toHaveLength(2);
});

// truth

test("pictures that are all alike are frozen, with the age of the last new one", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(6_000);
  player.last().stats({ alikeSinceMs: 1_001_000 });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "frozen", transport: "webrtc", lastPictureAtMs: 1_001_000 });
  player.last().stats({ alikeSinceMs: null });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "playing" });
});

test("a camera that the gateway calls frozen is frozen though pictures come, and its age is by this clock", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(20_000);
  player.clock(5_000);
  player.down("frozen", 1_025_000); // by a clock that is 5 s ahead
  expect(player.state()).toMatchObject({ status: "frozen", lastPictureAtMs: 1_005_000 });
});

test("what lags is said to, opened anew behind the picture, and not over and over", () => {
  const player = started();
  const first = player.last();
  first.play();
  const lag = setInterval(() => player.last().stats({ latencyMs: 4_000 }), 1_000);
  vi.advanceTimersByTime(3_000);
  expect(player.state()).toMatchObject({ status: "stalled", cause: "late" });
  vi.advanceTimersByTime(4_000);
  const second = player.last();
  expect(second).not.toBe(first);
  expect(second.transport).toBe("webrtc");
  second.play();
  expect(player.open()).toEqual([second]);
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(2);
  clearInterval(lag);
});

test("figures are of what is shown", () => {
  const player = started({ camera: twoStreams });
  expect(player.machine.stats()).toBeNull();
  player.last().play();
  player.last().stats({ fps: 15 });
  expect(player.machine.stats()).toMatchObject({
    fps: 15,
    transport: "webrtc",
    stream: "sub",
    codec: h264.codec,
    ...size,
  });
});

test("nothing is told while nothing changes", () => {
  const player = started();
  player.last().play();
  const told = player.states.length;
  vi.advanceTimersByTime(30_000);
  expect(player.states).toHaveLength(told);
});
