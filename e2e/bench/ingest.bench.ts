import { doorBench } from "./ingest/door.ts";
import { enqueueBench } from "./ingest/enqueue.ts";
import { postgresBench } from "./ingest/postgres.ts";
import { replayBench } from "./ingest/replay.ts";
import { rowsBench } from "./ingest/rows.ts";
import type { Bench } from "./report.ts";

/** An event's way to the gateway's disk: how fast, how many, and what it costs the one who makes it. */
export const ingest: Bench[] = [doorBench, postgresBench, replayBench, enqueueBench, rowsBench];
