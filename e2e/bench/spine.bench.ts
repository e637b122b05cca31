import { spineLiveBench } from "./live/latency.ts";
import type { Bench } from "./report.ts";
import { eventBench } from "./spine/event.ts";
import { tapsBench } from "./spine/taps.ts";

/** The path through the whole system, each part beside what it is compared with. */
export const spine: Bench[] = [tapsBench, spineLiveBench, eventBench];
