import type { EventRecord } from "#contract/events.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { ParkedEvent } from "#contract/sinks.ts";
import type { SinkNotes } from "./sink.ts";

/**
 * What delivery keeps in the database. Events enter an outbox in the transaction that stores them, which is each
 * database's own affair: what follows is about those that are in.
 *
 * The unit of order and of claiming is a *lane*: the events of one camera for one sink (those without a camera are one
 * more). A claim takes whole lanes, so a later event of a camera never overtakes an earlier one, also with several
 * gateways on one database. Every write here moves events and changes the counters in one transaction.
 */
export type Outbox = {
  /**
   * Takes the oldest events, at most `limit`, of lanes that are due and in nobody's claim; what waits longest goes
   * first, and each lane from its oldest on. Ends before an event with which the claim holds more than `maxBytes` of
   * payload and meta, but never before the first. Null when nothing is due. The lanes are this claim's until it is
   * settled with `done`, or for `claimMs`: then whoever held it is taken for dead.
   */
  claim(sinkId: string, size: { limit: number; maxBytes: number; claimMs: number }): Promise<Claim | null>;
  /**
   * Writes down what became of events of a claim, on disk when it resolves. `more` lets the claim live for another
   * `claimMs`; `done` ends it: what is not settled is due again, behind the lanes that wait already. Answers how many
   * outcomes counted: those of a lane that is another claim's by now, or was settled before, change nothing.
   */
  settle(claim: Claim, outcomes: Outcome[], next: "more" | "done"): Promise<number>;
  /**
   * At a start, and when the clock was put back: claims that a dead gateway left behind are over, and no lane waits
   * for its time any more. Claims of other living gateways stay.
   */
  startOver(sinkId: string): Promise<void>;
  /**
   * The earliest time at which a lane that waits is due, or soon, while another gateway's claim holds one that is; null
   * when none waits.
   */
  nextDueAtMs(sinkId: string): Promise<number | null>;
  /**
   * Gives up what was queued before that time, from the head of each lane that is in nobody's claim; some thousands at
   * most. Answers how many: with 0 there are no more.
   */
  expire(sinkId: string, queuedBeforeMs: number): Promise<number>;
  /** Costs the same however many rows there are. */
  counters(sinkId: string): Promise<Counters>;
  /** Counts the rows, at the same moment as it reads the counters. Costs as much as there are rows. */
  recount(sinkId: string): Promise<Recount>;
};

/** An event in a claim. `seq` is its number in the order of storing; `attempts`: how often it had to be retried. */
export type ClaimedEvent = { seq: number; attempts: number; event: EventRecord };
/** Events sorted by `seq`. `isAll`: nothing that was due was left behind for want of room. */
export type Claim = { id: string; sinkId: string; claimMs: number; events: ClaimedEvent[]; isAll: boolean };

/** What a receiver refused for good. Texts are shortened and hold no secret. */
export type Refusal = { code: string; reason: string; request: string; answer: string };
export type Outcome =
  | { claimed: ClaimedEvent; outcome: "acknowledged" }
  /** Into the dead letter; its `attempts` are one more than the claimed event's. */
  | { claimed: ClaimedEvent; outcome: "parked"; refusal: Refusal }
  /** It stays at the head of its lane, which is not due before that time; `attempts` rises by one. */
  | { claimed: ClaimedEvent; outcome: "retry"; dueAtMs: number; trouble?: SinkTrouble };

/** Events that are waiting: created - acknowledged - parked - discarded - expired. */
export type Counters = {
  created: number;
  acknowledged: number;
  /** In the dead letter now. */
  parked: number;
  discarded: number;
  expired: number;
  /** Of the last acknowledgement. */
  lastSuccessAtMs: number | null;
};
export type Recount = {
  counters: Counters;
  /** Rows of the outbox and of the dead letter. */
  rows: { waiting: number; parked: number };
  /** When the oldest that waits was queued. */
  oldestAtMs: number | null;
};

/** `all`, or those of these numbers; numbers that are not parked are passed over. */
export type Which = "all" | number[];

/** Events that were refused for good, and wait for a person. Everything answers how many it moved. */
export type DeadLetter = {
  /** The latest first, from before `before` on. */
  page(sinkId: string, place: { before: number | null; limit: number }): Promise<ParkedEvent[]>;
  /** Back into the outbox, at its old place in its lane, and due at once. */
  retry(sinkId: string, which: Which): Promise<number>;
  /** Given up; who looks into the database finds the reason. */
  discard(sinkId: string, which: Which, reason: string): Promise<number>;
  /**
   * From now on this sink is sent these instead of what was stored (a field that is missing is left out); the event
   * itself and other sinks keep what was. Null when it is not parked.
   */
  correct(
    sinkId: string,
    seq: number,
    correction: Pick<EventRecord, "payload" | "meta">,
  ): Promise<ParkedEvent | null>;
};

/** What a sink was told last of a camera: a digest of its fields, null of one that was removed. */
export type CameraTold = { cameraId: string; version: number; digest: string | null };
/** `version` counts what was told of a camera; a removed one is kept, so that no number comes twice. */
export type CameraBook = {
  all(sinkId: string): Promise<CameraTold[]>;
  put(sinkId: string, told: CameraTold): Promise<void>;
  /** The sink is removed. */
  forget(sinkId: string): Promise<void>;
};

export type DeliveryStore = {
  outbox: Outbox;
  deadLetter: DeadLetter;
  cameraBook: CameraBook;
  notes(sinkId: string): SinkNotes;
  /**
   * Forgets what this sink did not set again for `ageMs`, counted from the oldest parked event where there is one: it may
   * be sent again. Some thousands at most; answers how many: with 0 there are no more.
   */
  forgetNotes(sinkId: string, ageMs: number): Promise<number>;
};
