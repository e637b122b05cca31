import { paths } from "#contract/paths.ts";

type TapHubDeps = { createWorker?: () => Worker };

/**
 * The page's one connection to the gateway's taps, kept by a worker so that a busy or hidden page does not hold up
 * pictures. Starts at once. See README.md for what a port speaks.
 */
export function createTapHub({ createWorker = startWorker }: TapHubDeps = {}) {
  const worker = createWorker();
  const address = new URL(paths.taps, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  worker.postMessage({ type: "start", address: address.href });

  return {
    /** A port of its own for whoever asks; it may be transferred to another worker. */
    connect(): MessagePort {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: "port", port: port2 }, [port2]);
      return port1;
    },
    stop() {
      worker.terminate();
    },
  };
}
export type TapHub = ReturnType<typeof createTapHub>;

function startWorker(): Worker {
  return new Worker(new URL("./worker/tap-hub.worker.ts", import.meta.url), { type: "module", name: "taps" });
}
