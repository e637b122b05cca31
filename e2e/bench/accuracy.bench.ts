import { boxesBench } from "./accuracy/boxes.ts";
import { chainBench } from "./accuracy/chain.ts";
import { happeningsBench } from "./accuracy/happenings.ts";
import { platesBench } from "./accuracy/plates.ts";
import type { Bench } from "./report.ts";

/** How well the station's own chain finds and reads what people labelled. */
export const accuracy: Bench[] = [boxesBench, chainBench, platesBench, happeningsBench];
