import { createPicturePipeline, type Prepared } from "./picture-pipeline.ts";

/** For tests: a clock that is moved by hand, and everything that waits for it. */
export function aManualClock() {
  let nowMs = 1_000_000;
  let timers: { atMs: number; work: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    later: (work: () => void, afterMs: number) => void timers.push({ atMs: nowMs + afterMs, work }),
    /** Passes the time, timers in their order; what promises do between is done, too. */
    async pass(ms: number): Promise<void> {
      const untilMs = nowMs + ms;
      for (;;) {
        await settled();
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.work();
      }
      nowMs = untilMs;
    },
  };
}
export type ManualClock = ReturnType<typeof aManualClock>;

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

type MachineOptions = {
  detectors: number;
  /** Of one look. */
  detectMs: number;
  prepareMs?: number;
  isStill?(cameraId: string, receivedAtMs: number): boolean;
  isBusy?(cameraId: string): boolean;
};

/** For tests: a pipeline on a machine that takes so long for each picture; a look is `camera@when`. */
export function aMachine(clock: ManualClock, options: MachineOptions) {
  const { detectMs, prepareMs = 0, isStill = () => false, isBusy = () => false } = options;
  const machine = { detectors: options.detectors };
  const newest = new Map<string, number>();
  const looks: { cameraId: string; receivedAtMs: number; atMs: number }[] = [];
  const stills: string[] = [];
  const skipped: string[] = [];
  const passedOver: string[] = [];
  const failed: string[] = [];
  const alive = new Set<string>();
  const inDetection: { look: string; fail(): void }[] = [];

  const wait = (ms: number) => new Promise<void>((resolve) => clock.later(resolve, ms));
  const pipeline = createPicturePipeline<string>({
    async prepare(cameraId): Promise<Prepared<string> | null> {
      const receivedAtMs = newest.get(cameraId);
      newest.delete(cameraId);
      if (prepareMs > 0) await wait(prepareMs);
      if (receivedAtMs === undefined) return null;
      const look = `${cameraId}@${receivedAtMs}`;
      alive.add(look);
      return { kind: isStill(cameraId, receivedAtMs) ? "still" : "look", look, receivedAtMs };
    },
    detect: (look) =>
      new Promise((resolve, reject) => {
        const work = {
          look,
          fail() {
            alive.delete(look);
            reject(new Error("died"));
          },
        };
        inDetection.push(work);
        clock.later(() => {
          inDetection.splice(inDetection.indexOf(work), 1);
          resolve({ found: [], inferenceMs: detectMs, detectMs, look });
        }, detectMs);
      }),
    release: (look) => void alive.delete(look),
    detectorCount: () => machine.detectors,
    onLookedAt: (cameraId, { receivedAtMs }) => looks.push({ cameraId, receivedAtMs, atMs: clock.nowMs() }),
    onStill: (cameraId) => stills.push(cameraId),
    onSkipped: (cameraId) => skipped.push(cameraId),
    onPassedOver: (cameraId) => passedOver.push(cameraId),
    onFailed: (cameraId) => failed.push(cameraId),
    isBusy,
    nowMs: clock.nowMs,
    later: clock.later,
  });
  return {
    ...pipeline,
    machine,
    looks,
    stills,
    skipped,
    passedOver,
    failed,
    inDetection,
    /** Looks that nobody gave back. */
    alive,
    /** A picture of the camera reaches the station now. */
    send(cameraId: string): void {
      newest.set(cameraId, clock.nowMs());
      pipeline.offer(cameraId);
    },
  };
}
