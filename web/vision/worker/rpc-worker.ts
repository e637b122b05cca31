import { type Calls, rpcClient } from "../../lib/rpc.ts";
import { watchLife } from "../../lib/worker-life.ts";

/** Loading compiles 14 MB of wasm, on a slow tablet for several seconds. */
export const LOAD_AT_MOST_MS = 60_000;

/**
 * A worker of the station's own, with nothing loaded yet, `called` so in messages. Whatever it is made to load must
 * hold `lifeLock`; every call rejects once it died or was closed.
 */
export function openRpcWorker<Api extends Calls<Api>>(worker: Worker, called: string) {
  const client = rpcClient<Api>(worker);
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    client.fail(new Error(`the ${called}'s worker failed: ${event.message}`));
  });
  const lifeLock = `guarita-${called}-${crypto.randomUUID()}`;
  const closed = new AbortController();
  return {
    call: client.call,
    lifeLock,
    /** To be called once the worker holds its lock. */
    watch: () =>
      watchLife(lifeLock, closed.signal, () => client.fail(new Error(`the ${called}'s worker ended`))),
    close() {
      closed.abort();
      worker.terminate();
      client.fail(new Error(`the ${called} was stopped`));
    },
  };
}

/** Rejects when `work` takes longer. */
export function within<T>(atMostMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${atMostMs} ms`)), atMostMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
