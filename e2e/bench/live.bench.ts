import { cpuBench } from "./live/cpu.ts";
import { latencyBench } from "./live/latency.ts";
import { lossBench } from "./live/loss.ts";
import { memoryBench } from "./live/memory.ts";
import { liveTapsBench } from "./live/taps.ts";
import { tilesBench } from "./live/tiles.ts";
import type { Bench } from "./report.ts";

/** The live screen: how late, how soon back, how many tiles, at what cost. */
export const live: Bench[] = [latencyBench, lossBench, tilesBench, cpuBench, memoryBench, liveTapsBench];
