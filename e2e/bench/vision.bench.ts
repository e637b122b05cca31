import type { Bench } from "./report.ts";
import { camerasBench } from "./vision/cameras.ts";
import { hiddenBench } from "./vision/hidden.ts";
import { memoryBench } from "./vision/memory.ts";
import { rateBench } from "./vision/rate.ts";

/** The station of one page: how fast, how many cameras, at what cost. */
export const vision: Bench[] = [rateBench, camerasBench, hiddenBench, memoryBench];
