import type { Bus } from "../kernel/bus.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { ManageStations } from "./manage-stations.ts";

type RunStationsDeps = {
  stations: Pick<ManageStations, "tick" | "prune">;
  bus: Pick<Bus, "on">;
  log: Logger;
};

const TICK_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;

/** Lets time pass for the leases, and tells them of other cameras. Returns what ends that. */
export function runStations({ stations, bus, log }: RunStationsDeps): () => void {
  const attempt = (work: () => void) => () => {
    try {
      work();
    } catch (error) {
      // the disk; the next second tries again
      log.warn({ reason: messageOf(error) }, "the leases could not be brought up to date");
    }
  };
  const tick = attempt(stations.tick);
  const timers = [setInterval(tick, TICK_MS), setInterval(attempt(stations.prune), PRUNE_EVERY_MS)];
  const ends = [bus.on("camera.changed", tick), bus.on("camera.removed", tick)];
  return () => {
    for (const timer of timers) clearInterval(timer);
    for (const end of ends) end();
  };
}
