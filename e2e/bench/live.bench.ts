import { latencyBench } from "./live/latency.ts";
import type { Bench } from "./report.ts";

/** The live screen: how late, how soon back, how many tiles, at what cost. */
export const live: Bench[] = [latencyBench];
