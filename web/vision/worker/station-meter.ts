import type { Detected } from "../detector.ts";
import type { CameraRate, StageMs } from "../station.ts";
import type { KeyFrameReading } from "./tap-reader.ts";
import { createWindowSums, type WindowSums } from "./window-sums.ts";

const STAGES = ["decode", "copy", "gate", "letterbox", "inference", "head"] as const;
type Stage = (typeof STAGES)[number];
type StageSum = Stage | `${Stage}Count`;
const STAGE_SUMS: StageSum[] = STAGES.flatMap((stage) => [stage, `${stage}Count` as const]);

const CAMERA_SUMS = ["looks", "stills", "skips", "detectMs"] as const;
type CameraSum = (typeof CAMERA_SUMS)[number];
type Metered = { askedPerS: number; sums: WindowSums<CameraSum> };

const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** What the station tells of its speed: all of it, each camera, each stage. */
export function createStationMeter(nowMs: () => number) {
  const newStages = () => createWindowSums<StageSum>(STAGE_SUMS, nowMs);
  const newSums = () => createWindowSums<CameraSum>(CAMERA_SUMS, nowMs);
  const cameras = new Map<string, Metered>();
  let stages = newStages();
  let all = newSums();

  function addStage(stage: Stage, ms: number): void {
    stages.add(stage, ms);
    stages.add(`${stage}Count`, 1);
  }

  const meanOf = (stage: Stage): number =>
    hundredths(stages.sum(stage) / Math.max(1, stages.sum(`${stage}Count`)));

  return {
    addStage,
    addLook(cameraId: string, { detectMs, inferenceMs, letterboxMs }: Detected): void {
      for (const sums of [all, cameras.get(cameraId)?.sums]) {
        sums?.add("looks", 1);
        sums?.add("detectMs", detectMs);
      }
      addStage("inference", inferenceMs);
      if (letterboxMs === undefined) return;
      addStage("letterbox", letterboxMs);
      addStage("head", Math.max(0, detectMs - inferenceMs - letterboxMs));
    },
    addStill: (cameraId: string) => cameras.get(cameraId)?.sums.add("stills", 1),
    /** A picture came and was not looked at in its turn. */
    addSkip: (cameraId: string) => cameras.get(cameraId)?.sums.add("skips", 1),
    /** Measures exactly these cameras from now on. */
    setRates(rates: ReadonlyMap<string, number>): void {
      for (const cameraId of [...cameras.keys()]) if (!rates.has(cameraId)) cameras.delete(cameraId);
      for (const [cameraId, askedPerS] of rates) {
        const metered = cameras.get(cameraId);
        if (metered) metered.askedPerS = askedPerS;
        else cameras.set(cameraId, { askedPerS, sums: newSums() });
      }
    },
    /** Another model is at work: what was measured says nothing any more. */
    reset(): void {
      stages = newStages();
      all = newSums();
      for (const metered of cameras.values()) metered.sums = newSums();
    },
    read(readingOf: (cameraId: string) => KeyFrameReading | null) {
      const looks = all.sum("looks");
      return {
        picturesPerSecond: tenths(looks / all.spanS()),
        msPerPicture: tenths(all.sum("detectMs") / Math.max(1, looks)),
        // All stages are named in the type.
        stageMs: Object.fromEntries(STAGES.map((stage) => [stage, meanOf(stage)])) as StageMs,
        cameras: [...cameras].map(([cameraId, metered]) => rateOf(cameraId, metered, readingOf(cameraId))),
      };
    },
  };
}
export type StationMeter = ReturnType<typeof createStationMeter>;

function rateOf(cameraId: string, { askedPerS, sums }: Metered, reading: KeyFrameReading | null): CameraRate {
  const looks = sums.sum("looks");
  const stills = sums.sum("stills");
  return {
    cameraId,
    askedPerS,
    reachedPerS: hundredths((looks + stills) / sums.spanS()),
    skippedPerS: hundredths(sums.sum("skips") / sums.spanS()),
    stillShare: hundredths(stills / Math.max(1, looks + stills)),
    msPerLook: tenths(sums.sum("detectMs") / Math.max(1, looks)),
    frames: reading?.frames ?? "key",
    keyFrameEveryMs: reading?.keyFrameEveryMs ?? null,
  };
}
