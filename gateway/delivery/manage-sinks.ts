import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import { emptyInS } from "#contract/ledger.ts";
import {
  type NewSink,
  type ParkedCorrection,
  type ParkedEvent,
  type ParkedPage,
  SINK_SECRETS,
  type Sink,
  type SinkChange,
  type SinkKind,
  type SinkRhythm,
  type SinkSecrets,
  type SinkState,
  type SinkTest,
} from "#contract/sinks.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Clock } from "./clock.ts";
import type { Ledgers } from "./ledgers.ts";
import type { DeadLetter, Which } from "./outbox.ts";
import type { SendResult } from "./sink.ts";
import { reasonOf } from "./troubles.ts";

/** A sink with its secrets in clear: never leaves the gateway, never enters a log. */
export type KnownSink = Omit<z.output<typeof SinkChange>, "secrets"> & {
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

/** What runs for the sinks. */
export type SinkRunner = {
  /** The sink is new or another now: what ran for it ends first. */
  apply(sink: KnownSink): Promise<void>;
  forget(id: string): Promise<void>;
  /** Sends one event past the outbox: it is in no ledger. */
  test(sink: KnownSink, event: EventRecord): Promise<SendResult>;
  /** Something was put back into its outbox. */
  wake(id: string): void;
  state(sink: KnownSink): SinkState;
  /** Acknowledged over the last minute. */
  ratePerS(id: string): number;
};

export type ManageSinksDeps = {
  store: SinkStore;
  deadLetter: DeadLetter;
  ledgers: Ledgers;
  run: SinkRunner;
  /** Why an event would not be taken in; null when it would. */
  whyRefused: (event: unknown) => string | null;
  storeId: string;
  newId: () => string;
  /** What a new sink is given where it says nothing of its own. */
  rhythm: () => SinkRhythm;
  clock: Pick<Clock, "nowMs" | "steadyMs">;
  /** Whether other gateways add, change and remove sinks in the same database. */
  isShared?: boolean | undefined;
};

/** Each sink multiplies what a stored event costs. */
export const MAX_SINKS = 20;

/**
 * The list of sinks and what a person does with them. It is kept in memory, too; one write goes after the other, so
 * that two changes of one sink at once never leave it running in another way than it is stored.
 */
export async function createManageSinks(deps: ManageSinksDeps) {
  const { store, deadLetter, ledgers, run, clock } = deps;
  const sinks = new Map((await store.all()).map((sink) => [sink.id, sink]));
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** A write begins from what is stored, which another gateway may have changed. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = lastWrite.then(follow).then(write);
    lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
    return turn;
  }

  async function follow(): Promise<void> {
    if (!deps.isShared) return;
    const stored = await store.all();
    const gone = [...sinks.keys()].filter((id) => stored.every((sink) => sink.id !== id));
    for (const id of gone) {
      await run.forget(id);
      drop(id);
    }
    for (const sink of stored) {
      const before = sinks.get(sink.id);
      sinks.set(sink.id, sink);
      if (!isDeepStrictEqual(sink, before)) await run.apply(sink);
    }
  }

  function drop(id: string): void {
    sinks.delete(id);
    ledgers.forget(id);
  }

  function known(id: string): KnownSink {
    const sink = sinks.get(id);
    if (!sink) throw new GatewayError("not_found", "There is no such sink.");
    return sink;
  }

  async function told(sink: KnownSink): Promise<Sink> {
    const { secrets, createdAtMs: _, ...fields } = sink;
    const { ledger, oldestAtMs, lastSuccessAtMs } = await ledgers.read(sink.id);
    const ratePerS = run.ratePerS(sink.id);
    return {
      ...fields,
      secrets: Object.keys(secrets),
      state: run.state(sink),
      ledger,
      oldestWaitingMs: oldestAtMs === null ? null : Math.max(0, clock.nowMs() - oldestAtMs),
      ratePerS,
      emptyInS: emptyInS(ledger.waiting, ratePerS),
      lastSuccessAtMs,
    };
  }

  async function put(sink: KnownSink, write: (sink: KnownSink) => Promise<void>): Promise<Sink> {
    await write(sink);
    sinks.set(sink.id, sink);
    await run.apply(sink);
    return told(sink);
  }

  async function parkedOne(id: string, seq: number): Promise<ParkedEvent> {
    const [found] = await deadLetter.page(known(id).id, { before: seq + 1, limit: 1 });
    if (found?.seq !== seq) throw new GatewayError("not_found", "There is no such parked event.");
    return found;
  }

  return {
    known: (): KnownSink[] => [...sinks.values()],
    list: (): Promise<Sink[]> => Promise.all([...sinks.values()].map(told)),
    find: async (id: string): Promise<Sink> => told(known(id)),

    add: (input: z.output<typeof NewSink>): Promise<Sink> =>
      inTurn(async () => {
        if (sinks.size >= MAX_SINKS) {
          throw new GatewayError("conflict", `There are ${MAX_SINKS} sinks; remove one first.`);
        }
        const secrets = secretsOf(input.target.kind, {}, input.secrets);
        const own = { id: deps.newId(), isPaused: false, createdAtMs: clock.nowMs() };
        const rhythm = rhythmOf(input, deps.rhythm());
        return put({ ...input, ...rhythm, ...own, secrets }, store.insert);
      }),

    change: (id: string, input: z.output<typeof SinkChange>): Promise<Sink> =>
      inTurn(async () => {
        const before = known(id);
        const { kind } = input.target;
        const kept = kind === before.target.kind ? before.secrets : {};
        const secrets = secretsOf(kind, kept, input.secrets);
        return put({ ...before, ...input, secrets }, store.replace);
      }),

    pause: (id: string, isPaused: boolean): Promise<Sink> =>
      inTurn(() => put({ ...known(id), isPaused }, store.replace)),

    /** `conflict` while events wait or are parked, unless they are to be given up with it. */
    remove: (id: string, { discard }: { discard: boolean }): Promise<void> =>
      inTurn(async () => {
        const { waiting, parked } = (await ledgers.read(known(id).id)).ledger;
        if (!discard && waiting + parked > 0) {
          throw new GatewayError(
            "conflict",
            `${waiting + parked} events are waiting or parked for this sink.`,
          );
        }
        await run.forget(id);
        await store.remove(id);
        drop(id);
      }),

    /** Takes over what other gateways made of the list. */
    reread: (): Promise<void> => inTurn(async () => undefined),

    async test(id: string): Promise<SinkTest> {
      const sink = known(id);
      const beginMs = clock.steadyMs();
      const result = await run.test(sink, aTestEvent(deps));
      return { ...met(result), tookMs: Math.round(clock.steadyMs() - beginMs) };
    },

    async parked(id: string, place: { before: number | null; limit: number }): Promise<ParkedPage> {
      const parked = await deadLetter.page(known(id).id, place);
      const nextCursor = parked.length < place.limit ? null : (parked.at(-1)?.seq ?? null);
      return { parked, nextCursor };
    },
    async retry(id: string, which: Which): Promise<number> {
      const count = await deadLetter.retry(known(id).id, which);
      if (count > 0) run.wake(id);
      return count;
    },
    discard: async (id: string, which: Which, reason: string): Promise<number> =>
      deadLetter.discard(known(id).id, which, reason),
    async correct(id: string, seq: number, correction: ParkedCorrection): Promise<ParkedEvent> {
      const { payload: _, meta: __, ...fixed } = (await parkedOne(id, seq)).event;
      const reason = deps.whyRefused({ ...fixed, ...correction });
      if (reason !== null) throw new GatewayError("invalid_body", reason);
      const corrected = await deadLetter.correct(id, seq, correction);
      if (!corrected) throw new GatewayError("not_found", "There is no such parked event.");
      return corrected;
    },
  };
}
export type ManageSinks = Awaited<ReturnType<typeof createManageSinks>>;

/** Null forgets a secret; one that is not named stays. */
function secretsOf(kind: SinkKind, before: SinkSecrets, given: Record<string, string | null>): SinkSecrets {
  const names: readonly string[] = SINK_SECRETS[kind];
  const foreign = Object.keys(given).find((name) => !names.includes(name));
  if (foreign !== undefined) {
    throw new GatewayError("invalid_body", `secrets.${foreign}: a sink of kind ${kind} has no such secret`);
  }
  const kept = Object.entries({ ...before, ...given }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept);
}

type GivenRhythm = { [Key in keyof SinkRhythm]?: SinkRhythm[Key] | undefined };

const rhythmOf = (given: GivenRhythm, usual: SinkRhythm): SinkRhythm => ({
  everyMs: given.everyMs ?? usual.everyMs,
  batchEvents: given.batchEvents ?? usual.batchEvents,
  retentionDays: given.retentionDays ?? usual.retentionDays,
});

function aTestEvent({ newId, storeId, clock }: ManageSinksDeps): EventRecord {
  const ts = new Date(clock.nowMs()).toISOString();
  return {
    receipt_id: newId(),
    event_name: "camera.health",
    ts,
    store_id: storeId,
    source: "system",
    payload: { status: "online", reason: "test", since: ts },
    meta: { test: true },
  };
}

function met(result: SendResult): Omit<SinkTest, "tookMs"> {
  const answer = result.kind === "each" ? result.answers[0] : result;
  if (answer === undefined || !("trouble" in answer)) return { ok: true, message: "" };
  return { ok: false, message: reasonOf(answer.trouble), trouble: answer.trouble };
}
