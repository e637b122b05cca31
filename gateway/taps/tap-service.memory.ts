import { expect, vi } from "vitest";
import type { CameraState, RtspTransport } from "#contract/cameras.ts";
import { anId } from "#contract/examples.ts";
import { silentLogger } from "../kernel/logger.ts";
import { manualClock } from "./manual-clock.memory.ts";
import type { FakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import type { TapFrames, TappedUnit, TapStream } from "./tap.ts";
import { createTaps } from "./taps.ts";

/** A busy machine may need long; the visible result is what counts. */
export const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

/** A tap service with one camera, on a clock moved by hand; `addresses` and `transport` may be changed by the test. */
export function aTapService(main: string | undefined, sub?: string) {
  const cameraId = anId();
  const addresses: Partial<Record<TapStream, string | undefined>> = { main, sub };
  const choice: { transport: RtspTransport } = { transport: "tcp" };
  const states: CameraState[] = [];
  const restarts: string[] = [];
  const time = manualClock();
  const taps = createTaps({
    addressOf: async (id, stream) => (id === cameraId ? addresses[stream] : undefined),
    transportOf: () => choice.transport,
    onState: (_, state) => states.push(state),
    onRestart: (id, stream) => restarts.push(`${id === cameraId ? "the camera's" : id} ${stream}`),
    nowMs: time.clock.nowMs,
    setTimer: time.clock.setTimer,
    random: () => 0,
    log: silentLogger(),
  });
  function read(frames: TapFrames, stream: TapStream = "main") {
    const units: TappedUnit[] = [];
    const heard: string[] = [];
    const end = taps.subscribe(
      { cameraId, stream },
      {
        frames,
        onState: ({ status }) => heard.push(status),
        onFormat: ({ codec }) => heard.push(codec),
        onUnit: (unit) => units.push(unit),
        onGone: () => heard.push("gone"),
      },
    );
    return { units, heard, end };
  }
  const faults = () => states.map((state) => (state.status === "down" ? state.fault : state.status));
  /** How long until the gateway says that it tries again. */
  function nextTryMs(): number {
    const last = states.at(-1);
    return last?.status === "down" ? (last.nextTryAtMs ?? Number.NaN) - time.clock.nowMs() : Number.NaN;
  }
  return { cameraId, addresses, choice, states, restarts, faults, nextTryMs, time, taps, read };
}

/** Resolves when so many readers play, and each has taken the answer to PLAY. */
export async function playing(camera: FakeCamera, count = 1): Promise<void> {
  await until(() => expect([camera.open(), camera.playing()]).toEqual([count, count]));
  await camera.settled();
}
