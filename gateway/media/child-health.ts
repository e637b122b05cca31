import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../kernel/logger.ts";
import type { ControlApi } from "./control-api.ts";
import type { MediamtxChild } from "./mediamtx-child.ts";

const READY_WITHIN_MS = 15_000;
const HEALTH_EVERY_MS = 5_000;
const HEALTH_FAILURES = 3;

/** Resolves when the control API answers; to why, when the program ends or says nothing instead. */
export async function becomeReady(
  api: ControlApi,
  child: MediamtxChild,
  signal: AbortSignal,
): Promise<string | undefined> {
  const gone = child.ended.then((why) => ({ why }));
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += 50) {
    if (await Promise.race([gone.then(() => false), api.isAlive()])) return undefined;
    const over = await Promise.race([gone, delay(50, undefined, { signal }).catch(() => undefined)]);
    if (over) return over.why;
    if (signal.aborted) return "stopped";
  }
  return "MediaMTX did not come up within 15 s";
}

/** Resolves when MediaMTX is gone; ends it first when it stopped answering. */
export async function watch(api: ControlApi, child: MediamtxChild, log: Logger): Promise<string> {
  const over = new AbortController();
  const ended = child.ended.finally(() => over.abort());
  for (let silent = 0; !over.signal.aborted; ) {
    await delay(HEALTH_EVERY_MS, undefined, { signal: over.signal, ref: false }).catch(() => {});
    if (over.signal.aborted) break;
    silent = (await api.isAlive()) ? 0 : silent + 1;
    if (silent < HEALTH_FAILURES) continue;
    log.warn("MediaMTX does not answer and is ended");
    child.kill();
    await ended;
    return "MediaMTX stopped answering";
  }
  return ended;
}
