import type { z } from "zod";
import type { NewSink, SinkSecrets } from "#contract/sinks.ts";

/** A sink with its secrets in clear: never leaves the gateway, never enters a log. */
export type KnownSink = Omit<z.output<typeof NewSink>, "secrets"> & {
  id: string;
  isPaused: boolean;
  secrets: SinkSecrets;
  createdAtMs: number;
};

export type SinkStore = {
  /** In the order in which they were made. */
  all(): Promise<KnownSink[]>;
  /** From the next stored event on, what it asks for is queued for it. */
  insert(sink: KnownSink): Promise<void>;
  /** Overwrites the sink of the same id. */
  replace(sink: KnownSink): Promise<void>;
  /** With everything that is kept for it. */
  remove(id: string): Promise<void>;
};
