import { statSync } from "node:fs";
import { join } from "node:path";
import { hasPrlimit, limitFiles, NO_PRLIMIT } from "../full-disk.ts";
import { crash } from "../outbox-page.ts";
import type { Receiver, ReceiverMode } from "../receiver.ts";
import { FAULTS, type FaultName, type PlannedFault } from "./plan-round.ts";
import type { Shop } from "./shop.ts";

export type Struck = { shop: Shop; receiver: Receiver | null };
/** Ends what was begun; resolves when all is as before. */
type End = () => Promise<void> | void;
type Strike = (struck: Struck, strength: number) => Promise<End> | End;

const HOUR_MS = 3_600_000;
/** What a batch of a round writes, about: with so much left a write fails half way. */
const BATCH_BYTES = 24_000;

const either = (strength: number): number => (strength < 0.5 ? -HOUR_MS : HOUR_MS);

const receiverIs =
  (mode: ReceiverMode): Strike =>
  ({ receiver }) => {
    receiver?.setMode(mode);
    return () => receiver?.setMode({ kind: "takes" });
  };

const wayIs =
  (mode: "cut" | "lost_answers" | "half_answers"): Strike =>
  ({ shop }) => {
    shop.proxy.setMode(mode);
    return () => shop.proxy.setMode("whole");
  };

const STRIKES: Record<FaultName, Strike> = {
  async killed({ shop, receiver }) {
    const endExcuse = receiver?.excuse();
    await shop.gateway.kill();
    return async () => {
      await shop.gateway.start();
      endExcuse?.();
    };
  },
  disk_full({ shop, receiver }, strength) {
    const endExcuse = receiver?.excuse();
    const { pid } = shop.gateway.process();
    const log = statSync(join(shop.gateway.dataDir, "guarita.sqlite-wal"), { throwIfNoEntry: false });
    const isFull = strength < 0.6;
    limitFiles(pid, Math.round(isFull ? 0 : (log?.size ?? 0) + (strength - 0.6) * BATCH_BYTES));
    return () => {
      limitFiles(pid, null);
      endExcuse?.();
    };
  },
  gateway_clock_jumps({ shop }, strength) {
    shop.setGatewayClock(either(strength));
    return () => shop.setGatewayClock(0);
  },
  async page_closed({ shop }) {
    await shop.page().close();
    return () => shop.openPage();
  },
  async page_crashed({ shop }) {
    const page = shop.page();
    await crash(shop.context, page);
    return async () => {
      await page.close();
      await shop.openPage();
    };
  },
  async page_clock_jumps({ shop }, strength) {
    await shop.setPageClock(either(strength));
    return () => shop.setPageClock(0);
  },
  async offline({ shop }) {
    await setOffline(shop, true);
    return () => setOffline(shop, false);
  },
  cut: wayIs("cut"),
  lost_answers: wayIs("lost_answers"),
  half_answers: wayIs("half_answers"),
  receiver_400: receiverIs({ kind: "status", status: 400 }),
  receiver_429: receiverIs({ kind: "status", status: 429, retryAfterS: 1 }),
  receiver_500: receiverIs({ kind: "status", status: 500 }),
  receiver_slow: receiverIs({ kind: "slow", ms: 400 }),
  receiver_half_reply: receiverIs({ kind: "half_reply" }),
  receiver_lost_answers: receiverIs({ kind: "lost_answer" }),
  receiver_gone: receiverIs({ kind: "gone" }),
};

/** A page that has just crashed cannot be told: once it is closed, the others can. */
async function setOffline({ context }: Shop, isOffline: boolean): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await context.setOffline(isOffline);
    } catch (error) {
      if (tries === 100) throw error;
      await pass(100);
    }
  }
}

/** Faults that cannot be had here, and why. */
export function missingFaults(receiver: Receiver | null): Map<FaultName, string> {
  const missing = new Map<FaultName, string>();
  if (!hasPrlimit()) missing.set("disk_full", NO_PRLIMIT);
  if (process.platform === "win32") missing.set("gateway_clock_jumps", "no SIGUSR2 on this system");
  if (!receiver) for (const name of FAULTS.receiver) missing.set(name, "this gateway has no sinks");
  return missing;
}

/** From its begin to its end, with the waits that were planned. */
export async function strike(struck: Struck, { name, atMs, forMs, strength }: PlannedFault): Promise<void> {
  await pass(atMs);
  const end = await STRIKES[name](struck, strength);
  await pass(forMs);
  await end();
}

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
