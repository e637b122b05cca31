import type { Detected } from "../detector.ts";
import { createLookSchedule } from "./look-schedule.ts";

/** A picture ready to be looked at, or one that shows nothing new. */
export type Prepared<Look> = { kind: "look" | "still"; look: Look; receivedAtMs: number };

export type PipelineDeps<Look> = {
  /** The newest picture of a camera, decoded and weighed; null when there was none after all. */
  prepare(cameraId: string): Promise<Prepared<Look> | null>;
  /** Takes ownership of the look until it answers. */
  detect(look: Look): Promise<Detected & { look: Look }>;
  /** Gives back what is looked at no more. */
  release(look: Look): void;
  /** How many detectors there are now; 0 while none is ready. */
  detectorCount(): number;
  /** The look is the caller's during the call only. */
  onLookedAt(cameraId: string, looked: LookedAtPicture<Look>): void;
  /** The same of the look. */
  onStill(cameraId: string, receivedAtMs: number, look: Look): void;
  /** It was this camera's turn, and a newer picture came before anybody looked. */
  onSkipped(cameraId: string): void;
  /** Told besides: that picture was prepared already, and was to be looked at. */
  onPassedOver(cameraId: string): void;
  onFailed(cameraId: string, cause: unknown): void;
  isBusy(cameraId: string): boolean;
  nowMs(): number;
  later(work: () => void, afterMs: number): void;
};
export type LookedAtPicture<Look> = Detected & { look: Look; receivedAtMs: number; tookMs: number };

/** A picture is decoded and weighed while every detector is at work: the next one is there when one is free. */
const AHEAD = 1;
/**
 * While the detectors have enough, cameras that were still the last time are weighed all the same, so many at a time:
 * most of them need no detector. Those that do turn out to show something wait, so many at most.
 */
const CALM = { preparing: 2, waiting: 3 };
/** A picture that waited so long for a detector is not looked at when there is a newer one. */
const STALE_MS = 500;

type Slot = { inWork: boolean; hasPicture: boolean; wasStill: boolean; skippedAtMs: number };
type Waiting<Look> = { cameraId: string; slot: Slot; look: Look; receivedAtMs: number; sinceMs: number };

/**
 * From the newest picture of each camera to detections. A camera has at most one picture in work; which one is decided
 * when it is its turn, so that nothing is ever queued behind. Still pictures pass by without a detector.
 */
export function createPicturePipeline<Look>(deps: PipelineDeps<Look>) {
  const { nowMs, detectorCount } = deps;
  const schedule = createLookSchedule();
  const slots = new Map<string, Slot>();
  let waiting: Waiting<Look>[] = [];
  let preparing = 0;
  let detecting = 0;
  let wakesAtMs = Number.POSITIVE_INFINITY;

  function pump(): void {
    startDetectors();
    for (let cameraId = nextToPrepare(); cameraId !== null; cameraId = nextToPrepare()) {
      const slot = slots.get(cameraId);
      if (!slot) break;
      void prepare(cameraId, slot);
    }
    wakeWhenDue();
  }

  function nextToPrepare(): string | null {
    if (detectorCount() === 0) return null;
    if (preparing + waiting.length + detecting < detectorCount() + AHEAD) return schedule.next(nowMs());
    if (preparing >= CALM.preparing || waiting.length >= CALM.waiting) return null;
    return schedule.next(nowMs(), (cameraId) => slots.get(cameraId)?.wasStill === true);
  }

  function startDetectors(): void {
    while (detecting < detectorCount()) {
      const next = waiting.shift();
      if (!next) return;
      if (next.slot.hasPicture && nowMs() - next.sinceMs > STALE_MS) pass(next);
      else void detect(next);
    }
  }

  /** A newer one is there: that one is looked at, by its turn. */
  function pass({ cameraId, slot, look }: Waiting<Look>): void {
    deps.release(look);
    deps.onSkipped(cameraId);
    deps.onPassedOver(cameraId);
    free(cameraId, slot);
  }

  async function prepare(cameraId: string, slot: Slot): Promise<void> {
    slot.inWork = true;
    slot.hasPicture = false;
    preparing += 1;
    try {
      const prepared = await deps.prepare(cameraId);
      const isWanted = slots.get(cameraId) === slot;
      slot.wasStill = prepared?.kind === "still";
      if (prepared?.kind === "look" && isWanted) {
        const { look, receivedAtMs } = prepared;
        waiting.push({ cameraId, slot, look, receivedAtMs, sinceMs: nowMs() });
      } else {
        if (prepared?.kind === "still" && isWanted)
          deps.onStill(cameraId, prepared.receivedAtMs, prepared.look);
        if (prepared) deps.release(prepared.look);
        free(cameraId, slot);
      }
    } catch (cause) {
      deps.onFailed(cameraId, cause);
      free(cameraId, slot);
    }
    preparing -= 1;
    pump();
  }

  async function detect({ cameraId, slot, look, receivedAtMs, sinceMs }: Waiting<Look>): Promise<void> {
    detecting += 1;
    try {
      const detected = await deps.detect(look);
      const looked = { ...detected, receivedAtMs, tookMs: nowMs() - sinceMs };
      if (slots.get(cameraId) === slot) deps.onLookedAt(cameraId, looked);
      deps.release(detected.look);
    } catch (cause) {
      deps.onFailed(cameraId, cause);
    }
    detecting -= 1;
    free(cameraId, slot);
    pump();
  }

  function free(cameraId: string, slot: Slot): void {
    slot.inWork = false;
    if (slots.get(cameraId) !== slot) return;
    schedule.setBusy(cameraId, deps.isBusy(cameraId));
    schedule.setReady(cameraId, slot.hasPicture);
  }

  function wakeWhenDue(): void {
    const dueAtMs = schedule.nextDueAtMs();
    const now = nowMs();
    // Already due: a detector that comes free pumps.
    if (dueAtMs === null || dueAtMs <= now || (wakesAtMs <= dueAtMs && wakesAtMs > now)) return;
    wakesAtMs = dueAtMs;
    deps.later(() => {
      if (wakesAtMs !== dueAtMs) return;
      wakesAtMs = Number.POSITIVE_INFINITY;
      pump();
    }, dueAtMs - now);
  }

  /** Of a stream of 15 pictures a second 14 are not meant to be looked at: only a turn that was missed is counted. */
  function countSkipped(cameraId: string, slot: Slot): void {
    const now = nowMs();
    if (!schedule.missedTurn(cameraId, slot.skippedAtMs, now)) return;
    slot.skippedAtMs = now;
    deps.onSkipped(cameraId);
  }

  return {
    /** Looks at exactly these cameras from now on, so often. What is on its way for another is not told any more. */
    setPeriods(periods: ReadonlyMap<string, number>): void {
      for (const cameraId of [...slots.keys()]) {
        if (periods.has(cameraId)) continue;
        slots.delete(cameraId);
        schedule.drop(cameraId);
      }
      for (const { cameraId, look } of waiting) if (!periods.has(cameraId)) deps.release(look);
      waiting = waiting.filter(({ cameraId }) => periods.has(cameraId));
      for (const [cameraId, periodMs] of periods) {
        schedule.setPeriod(cameraId, periodMs, nowMs());
        if (!slots.has(cameraId)) {
          slots.set(cameraId, {
            inWork: false,
            hasPicture: false,
            wasStill: false,
            skippedAtMs: Number.NEGATIVE_INFINITY,
          });
        }
      }
      pump();
    },
    /** There is a newer picture of this camera than before. */
    offer(cameraId: string): void {
      const slot = slots.get(cameraId);
      if (!slot) return;
      if (slot.hasPicture) countSkipped(cameraId, slot);
      slot.hasPicture = true;
      if (slot.inWork) return;
      schedule.setReady(cameraId, true);
      pump();
    },
    /** To be called when a detector came or went, and once in a while. */
    pump,
  };
}
export type PicturePipeline = ReturnType<typeof createPicturePipeline>;
