import type { EventRecord } from "#contract/events.ts";
import type { ToldTrouble } from "../use-trouble-words.ts";

/** A parked event of either hop. */
export type ParkedItem = ToldTrouble & {
  /** What names it to its source. */
  key: string;
  /** Null where its row cannot be read. */
  event: EventRecord | null;
  /** As it is stored, as JSON. */
  json: string;
  code: string;
  /** What was sent and what came back; absent where nobody noted it. */
  exchange: { request: string; answer: string; attempts: number } | null;
  parkedAtMs: number;
  /** Whether another payload could help. */
  isCorrectable: boolean;
};

export type Correction = Pick<EventRecord, "payload" | "meta">;

/** All, or those of these keys. */
export type Chosen = "all" | string[];

export type ParkedList =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  | { status: "ready"; items: ParkedItem[]; more: { load: () => void; isLoading: boolean } | null };

/** Where parked events are, and what can be done about them. Each deed rejects when it failed. */
export type ParkedSource = {
  list: ParkedList;
  retry(chosen: Chosen): Promise<unknown>;
  discard(chosen: Chosen, reason: string): Promise<unknown>;
  correct(key: string, correction: Correction): Promise<unknown>;
};
