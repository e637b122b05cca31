import type { EventRows } from "./insert-rows.ts";

/** What the storing thread is told. After `end` comes nothing. */
export type ToThread = { kind: "insert"; id: number; rows: EventRows } | { kind: "end" };

/** What it tells. After `isUnavailable` the sender may try again. */
export type FromThread =
  | { kind: "ready" }
  | { kind: "inserted"; id: number; isNew: boolean[] }
  | { kind: "failed"; id: number; isUnavailable: boolean; message: string };
