import { watchLife } from "../lib/worker-life.ts";
import type { FromStation, ToStation } from "./station.protocol.ts";

/** A worker that does not answer for as long hangs. Wide: on a machine that swaps, seconds pass like that. */
const SILENT_AT_MOST_MS = 4_000;
const ASK_EVERY_MS = 1_000;

type StationWorkerDeps = {
  storeId: string;
  tapPort: MessagePort;
  onMessage(message: FromStation): void;
  /** It ended, or hangs and was ended. Called once. */
  onDeath(cause: Error): void;
};

/**
 * One life of the station's worker. That it died is learned in three ways: it could not be loaded, its life lock
 * came free (at once, also in a hidden tab), or it does not answer any more.
 */
export function startStationWorker({ storeId, tapPort, onMessage, onDeath }: StationWorkerDeps) {
  const worker = new Worker(new URL("./worker/station.worker.ts", import.meta.url), {
    type: "module",
    name: "station",
  });
  const lifeLock = `guarita-station-life-${crypto.randomUUID()}`;
  const ended = new AbortController();
  let alive = false;
  let heardAtMs = performance.now();
  let askedAtMs = performance.now();

  const send = (message: ToStation, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);

  function die(cause: Error): void {
    if (ended.signal.aborted) return;
    close();
    onDeath(cause);
  }

  function close(): void {
    ended.abort();
    clearInterval(asking);
    worker.terminate();
  }

  /** A page that slept (a closed laptop, a throttled tab) must not blame the worker for the time it slept itself. */
  function ask(): void {
    const nowMs = performance.now();
    const wasAwake = nowMs - askedAtMs < 2 * ASK_EVERY_MS;
    askedAtMs = nowMs;
    if (!wasAwake) heardAtMs = nowMs;
    if (alive && nowMs - heardAtMs > SILENT_AT_MOST_MS) die(new Error("the station's worker hangs"));
    else send({ type: "ping" });
  }

  worker.addEventListener("message", ({ data }: MessageEvent<FromStation>) => {
    heardAtMs = performance.now();
    if (data.type === "alive") {
      alive = true;
      watchLife(lifeLock, ended.signal, () => die(new Error("the station's worker ended")));
    } else if (data.type !== "pong") onMessage(data);
  });
  worker.addEventListener("error", (event) => {
    // Once alive, an error in one handler is no death; the browser's console tells it.
    if (!alive) die(new Error(`the station's worker could not be loaded: ${event.message}`));
  });
  const asking = setInterval(ask, ASK_EVERY_MS);
  send({ type: "init", storeId, tapPort, lifeLock }, [tapPort]);

  return { send, close };
}
export type StationWorker = ReturnType<typeof startStationWorker>;
