import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CameraFault, StreamFormat } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import type { MediaState } from "#contract/system.ts";
import type { PlayerFacts, Transport } from "./player.ts";
import { type FakeSession, h264, running, setUp, twoStreams } from "./player-machine.memory.ts";
import type { TransportFailure } from "./transport.ts";

const STEPS = 1_500;
const FAULTS: CameraFault[] = ["dropped", "unauthorized", "frozen", "not_found", "protocol", "refused"];
const FAILURES: TransportFailure["kind"][] = ["broken", "network", "unavailable", "unsupported"];
const FORMATS: StreamFormat[] = [h264, { ...h264, hasBFrames: true }, { ...h264, codec: "avc1.640028" }];
const MEDIA: MediaState["status"][] = ["running", "running", "restarting", "missing", "failed"];
const PINS: (Transport | undefined)[] = [undefined, undefined, "webrtc", "hls", "direct"];

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** Mulberry32: the same fates for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A machine to which anything happens at any time, and what it must never do meanwhile. */
function createStorm(seed: number) {
  const random = createRandom(seed);
  const pick = <Kind>(kinds: readonly Kind[]) => kinds[Math.floor(random() * kinds.length)] as Kind;
  const camera = seed % 2 === 0 ? twoStreams : aCamera();
  const player = setUp({ camera });
  const failedAtMs = new Map<string, number>();
  let facts: PlayerFacts = { camera, media: running };
  let isRefused = false;
  let seen = 0;

  /** Something from outside happened: whatever waited may be tried at once. */
  function outside(act: () => void): void {
    failedAtMs.clear();
    act();
  }

  function tellFacts(changes: Partial<PlayerFacts>): void {
    facts = { ...facts, ...changes };
    player.machine.update(facts);
  }

  function start(): void {
    isRefused = false;
    player.machine.start();
    player.link(true);
  }

  const open = () => player.sessions.filter((session) => !session.isReleased);
  const some = (act: (session: FakeSession) => void) => open().length > 0 && act(pick(open()));
  const deeds: (() => void)[] = [
    () => some((session) => session.play()),
    () => some((session) => session.play()),
    () => some((session) => session.pause()),
    () => some(fail),
    () => some(fail),
    () => some((session) => session.stats({ latencyMs: random() * 8_000 })),
    () => some((session) => session.stats({ alikeSinceMs: random() < 0.5 ? null : Date.now() - 30_000 })),
    () => outside(() => player.machine.resize(random() * 1_500)),
    () => outside(() => player.link(random() < 0.7)),
    () => outside(() => setRefused(false, () => player.online(pick(FORMATS)))),
    () => outside(() => setRefused(false, () => player.online(pick(FORMATS)))),
    () => outside(() => player.connecting()),
    () => {
      const fault = pick(FAULTS);
      outside(() => setRefused(fault === "unauthorized", () => player.down(fault)));
    },
    () => outside(() => tellFacts({ media: { status: pick(MEDIA) } })),
    () => outside(() => tellFacts({ pinned: pick(PINS) })),
    () => outside(() => player.machine.stop()),
    () => outside(start),
    () => outside(start),
    () => outside(start),
    () => outside(() => player.machine.wake()),
    () => outside(() => vi.setSystemTime(Date.now() + 60_000)),
  ];

  function setRefused(next: boolean, act: () => void): void {
    act();
    isRefused = next && player.isWatched();
  }

  function fail(session: FakeSession): void {
    const { transport, stream } = session;
    session.pause();
    failedAtMs.set(`${transport} ${stream}`, Date.now());
    session.events.onFailed({ kind: pick(FAILURES), detail: "storm" });
  }

  function check(): void {
    const kept = player.open();
    expect(kept.length).toBeLessThanOrEqual(3);
    expect(kept.filter(({ isShown }) => isShown).length).toBeLessThanOrEqual(1);
    for (const session of player.sessions.slice(seen)) {
      const failed = failedAtMs.get(`${session.transport} ${session.stream}`);
      if (failed !== undefined) expect(session.openedAtMs - failed).toBeGreaterThanOrEqual(300);
    }
    if (isRefused) expect(player.sessions.length).toBe(seen);
    seen = player.sessions.length;
    if (player.state()?.status === "playing") expect(kept.some(({ isShown }) => isShown)).toBe(true);
    if (!player.isWatched()) expect(kept).toEqual([]);
  }

  return {
    player,
    calm: () => tellFacts({ media: running, pinned: undefined }),
    step(): void {
      const wasRefused = isRefused;
      pick(deeds)();
      if (!wasRefused) seen = isRefused ? player.sessions.length : seen;
      check();
      for (let passedMs = 0; passedMs < random() * 3_000; passedMs += 250) {
        vi.advanceTimersByTime(250);
        check();
      }
    },
  };
}

test.each([1, 2, 3, 4, 5, 6])(
  "whatever happens, one picture at most and nothing left behind (%i)",
  (seed) => {
    const storm = createStorm(seed);
    for (let step = 0; step < STEPS; step += 1) storm.step();
    expect(storm.player.sessions.length).toBeGreaterThan(100);

    const { machine, link, online, open, state } = storm.player;
    machine.stop();
    expect(open()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);

    storm.calm();
    machine.start();
    link(true);
    online();
    for (let tries = 0; tries < 20 && state()?.status !== "playing"; tries += 1) {
      for (const session of open()) if (!session.isShown) session.play();
      vi.advanceTimersByTime(250);
    }
    expect(state()).toMatchObject({ status: "playing" });
  },
);
