import type { Browser } from "@playwright/test";
import { startHttpReceiver } from "../receiver.ts";
import type { PageLedger } from "./in-page.ts";
import { planRound } from "./plan-round.ts";
import { openShop, type Shop } from "./shop.ts";
import { addSink, isBalanced, readSinks, retryParked } from "./sinks.ts";
import { missingFaults, type Struck, strike } from "./strike.ts";

export type FaultRun = {
  rounds: number;
  /** Events that the page's outbox had promised to keep, and rows of the gateway. */
  kept: number;
  stored: number;
  /** Promised and not there in the end: in the gateway, or at the receiver what the gateway has. */
  lost: string[];
  /** Two rows of one event in the gateway, or taken in twice by a receiver that can tell. */
  twice: string[];
  /** What a ledger said that does not add up, and in which round. */
  unbalanced: string[];
  /** What of the faults reached the page: batches refused because of a full disk, answers lost or cut. */
  felt: { fullDisk: number; spoiledAnswers: number };
  /** Faults that cannot be had here, and why. */
  missing: ReadonlyMap<string, string>;
};

export type FaultRunOptions = {
  browser: Browser;
  seed: number;
  rounds: number;
  /** A line about a round that is over, or about what was seen. */
  tell(line: string): void;
};

/** So often everything waits until nothing is left on its way, and is compared. */
const COMPARED_EVERY = 25;
/** Longer than a sink rests that failed too often. */
const DRAIN_MS = 150_000;

/** Rounds in which a page makes events while things fail, planned by the seed; what came of it is counted at the end. */
export async function runFaultRounds({ browser, seed, rounds, tell }: FaultRunOptions): Promise<FaultRun> {
  const shop = await openShop(browser);
  const ownReceiver = await startHttpReceiver();
  try {
    const receiver = (await addSink(shop.gateway, ownReceiver)) ? ownReceiver : null;
    await shop.openPage();
    const missing = missingFaults(receiver);
    const found = { lost: new Set<string>(), twice: new Set<string>(), unbalanced: [] as string[] };
    let stored = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const planned = planRound(seed, round, missing);
      const startedAtMs = performance.now();
      try {
        await Promise.all(planned.map((fault) => strike({ shop, receiver }, fault)));
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}: a fault could not be made`, { cause: error });
      }
      const names = planned.map(({ name }) => name).join(" + ");
      const trouble = await findImbalance(shop);
      for (const what of trouble) found.unbalanced.push(`seed ${seed}, round ${round} (${names}): ${what}`);
      if (round % COMPARED_EVERY === 0 || round === rounds) {
        const compared = await compare({ shop, receiver });
        stored = compared.stored;
        for (const what of compared.unbalanced)
          found.unbalanced.push(`seed ${seed}, round ${round}: ${what}`);
        for (const one of compared.lost) found.lost.add(one);
        for (const one of compared.twice) found.twice.add(one);
        if (compared.lost.length > 0) tell(`seed ${seed}, by round ${round}: ${compared.lost.length} lost`);
      }
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      tell(`round ${round}: ${names}, ${seconds} s, ${shop.kept.size} events so far`);
    }
    return {
      rounds,
      kept: shop.kept.size,
      stored,
      lost: [...found.lost],
      twice: [...found.twice],
      unbalanced: found.unbalanced,
      felt: { fullDisk: shop.proxy.statuses().get(503) ?? 0, spoiledAnswers: shop.proxy.spoiledAnswers() },
      missing,
    };
  } finally {
    await shop.close();
    await ownReceiver.stop();
  }
}

/** While events are still on their way: the counters and the rows must agree at any time. */
async function findImbalance({ ledger, gateway }: Shop): Promise<string[]> {
  const page = await ledger();
  const sinks = await readSinks(gateway);
  return [
    ...(waitingOf(page) === page.waitingRows && page.parked === page.parkedRows
      ? []
      : [`the page's ledger: ${JSON.stringify(page)}`]),
    ...sinks
      .filter((sink) => !isBalanced(sink))
      .map((sink) => `the ledger of ${sink.name}: ${JSON.stringify(sink.ledger)}`),
  ];
}

const waitingOf = ({ created, acknowledged, parked, dropped, discarded, expired }: PageLedger): number =>
  created - acknowledged - parked - dropped - discarded - expired;

type Compared = { stored: number; lost: string[]; twice: string[]; unbalanced: string[] };

/** Lets nothing new be made, waits until nothing is on its way, and compares what was promised with what is there. */
async function compare({ shop, receiver }: Struck): Promise<Compared> {
  await shop.setMaking(false);
  await drain(shop);
  const ledger = await shop.ledger();
  const rows = shop.gateway.storedEvents().filter(({ source }) => source === "edge");
  const receipts = new Set(rows.map((row) => row.receipt_id));
  const lost = [...shop.kept].filter((receipt) => !receipts.has(receipt));
  const twice = secondOnes(rows.map(({ meta }) => meta ?? ""));
  const unbalanced =
    ledger.created === rows.length && ledger.acknowledged === rows.length
      ? []
      : [`the page counted ${JSON.stringify(ledger)}, the gateway has ${rows.length}`];
  if (receiver) {
    lost.push(...[...receipts].filter((receipt) => !receiver.taken().has(receipt)));
    twice.push(...receiver.twice());
  }
  await shop.setMaking(true);
  return { stored: rows.length, lost, twice, unbalanced };
}

/** The marks say which page made an event, as its how manieth. */
function secondOnes(marks: string[]): string[] {
  const seen = new Set<string>();
  return marks.filter((mark) => seen.size === seen.add(mark).size);
}

/** By itself, as in a shop: nobody presses a button. Only what a receiver refused for good needs a person. */
async function drain({ ledger, gateway }: Shop): Promise<void> {
  const untilMs = performance.now() + DRAIN_MS;
  for (;;) {
    const { waitingRows } = await ledger();
    const sinks = await readSinks(gateway);
    for (const sink of sinks) if (sink.ledger.parked > 0) await retryParked(gateway, sink);
    const isEmpty = sinks.every((sink) => sink.ledger.waiting === 0 && sink.ledger.parked === 0);
    if (waitingRows === 0 && isEmpty) return;
    if (performance.now() > untilMs) return; // what is missing then is told as lost
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
