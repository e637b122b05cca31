import type { StationAbility } from "../stations/station-leases.ts";
import type { StationStatus } from "../vision/station.ts";

/** Cameras a core, where the device could not be measured: half of what two small cores reach with YOLOX-nano. */
const CAMERAS_PER_CORE = 8;

/** What this browser tells the gateway of its own work. `cores`: logical processors of this device. */
export function abilityOf(status: StationStatus, cores: number): StationAbility {
  if (status.status === "stopped" || status.status === "elsewhere") return { status: "away" };
  if (status.status !== "running") return { status: "pausing" };
  const { model, capacity, picturesPerSecond, msPerPicture, cameras } = status;
  const rates = cameras.map(
    ({ cameraId, askedPerS, reachedPerS, skippedPerS }) =>
      [cameraId, { askedPerS, reachedPerS, skippedPerS }] as const,
  );
  return {
    status: "working",
    figures: {
      capacity: capacity ?? Math.max(1, Math.round(cores * CAMERAS_PER_CORE)),
      picturesPerS: picturesPerSecond,
      msPerPicture,
      model,
      rates: new Map(rates),
    },
  };
}
