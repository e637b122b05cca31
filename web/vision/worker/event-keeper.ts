import type { EventRecord } from "#contract/events.ts";
import type { KeptWatch, StationMemory } from "./station-memory.ts";

/** As many as are handed over at once. */
const AT_ONCE = 100;
const RETRY = { firstMs: 1_000, maxMs: 30_000 };

type EventKeeperDeps = {
  memory: StationMemory;
  /** Hands events to the page; resolves once they are durable there, rejects when they are not. */
  handOver(events: EventRecord[]): Promise<void>;
  /** Calls back once, later; the worker's timer. */
  later(work: () => void, afterMs: number): void;
  /** The disk refused; the station goes on from memory. */
  onTrouble(what: string, cause: unknown): void;
};

/**
 * Keeps every event until the page has it durably: on disk together with the state that made it, handed over in order,
 * again and again, and only then forgotten. The receipt stays the same, so that once too often does no harm.
 */
export function createEventKeeper({ memory, handOver, later, onTrouble }: EventKeeperDeps) {
  const waiting: EventRecord[] = [];
  let handingOver = false;
  let failures = 0;

  async function commit(watches: KeptWatch[], events: EventRecord[]): Promise<void> {
    try {
      await memory.keep(watches, events);
    } catch (cause) {
      onTrouble("could not keep the station's state on disk", cause);
    }
    add(events);
  }

  function add(events: EventRecord[]): void {
    waiting.push(...events);
    if (!handingOver && waiting.length > 0) void run();
  }

  async function run(): Promise<void> {
    handingOver = true;
    const events = waiting.slice(0, AT_ONCE);
    const taken = await tryHandOver(events);
    if (!taken) {
      failures += 1;
      later(() => void run(), Math.min(RETRY.maxMs, RETRY.firstMs * 2 ** (failures - 1)));
      return;
    }
    failures = 0;
    waiting.splice(0, events.length);
    await memory
      .confirm(events.map((event) => event.receipt_id))
      // Handed over again at the next start, under the same receipt.
      .catch((cause) => onTrouble("could not strike events off the list", cause));
    handingOver = false;
    if (waiting.length > 0) void run();
  }

  async function tryHandOver(events: EventRecord[]): Promise<boolean> {
    try {
      await handOver(events);
      return true;
    } catch (cause) {
      onTrouble("the page could not take events over", cause);
      return false;
    }
  }

  return {
    /** Writes states and the events they made, then hands the events over. Resolves when written. */
    commit,
    /** Events of an earlier life of this station. */
    add,
    waitingCount: () => waiting.length,
  };
}
export type EventKeeper = ReturnType<typeof createEventKeeper>;
