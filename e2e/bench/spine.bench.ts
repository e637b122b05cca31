import type { Bench } from "./report.ts";
import { eventBench } from "./spine/event.ts";
import { ingestBench } from "./spine/ingest.ts";
import { liveBench } from "./spine/live.ts";
import { tapsBench } from "./spine/taps.ts";
import { visionBench } from "./spine/vision.ts";

/** The path through the whole system, each part beside what it is compared with. */
export const spine: Bench[] = [ingestBench, tapsBench, liveBench, visionBench, eventBench];
