import type { Detected } from "../detector.ts";

export type LookDetected<Look> = Detected & { look: Look };

/** A detector in a worker of its own, loaded and ready. */
export type RunningDetector<Look> = {
  executionProvider: string;
  /** Takes ownership of the look and answers with it. Rejects when the worker died or does not answer any more. */
  detect(look: Look): Promise<LookDetected<Look>>;
  close(): void;
};

type PoolDeps<Look> = {
  size: number;
  start(): Promise<RunningDetector<Look>>;
  release(look: Look): void;
  /** A detector came or went. */
  onChange(): void;
  onTrouble(what: string, cause: unknown): void;
  later(work: () => void, afterMs: number): void;
};

const RESTART_AFTER_MS = 500;

type Waiting<Look> = {
  look: Look;
  resolve(detected: LookDetected<Look>): void;
  reject(cause: Error): void;
};

/**
 * As many detectors as the machine bears, each with one picture at a time. One that fails is replaced: after an abort
 * of its wasm a session cannot be trusted, and a new worker costs less than to tell why.
 */
export function createDetectorPool<Look>(deps: PoolDeps<Look>) {
  const free: RunningDetector<Look>[] = [];
  const all = new Set<RunningDetector<Look>>();
  const waiting: Waiting<Look>[] = [];
  let closed = false;

  async function add(): Promise<void> {
    const detector = await deps.start();
    if (closed) return detector.close();
    all.add(detector);
    give(detector);
    deps.onChange();
  }

  function give(detector: RunningDetector<Look>): void {
    const next = waiting.shift();
    if (next) void work(detector, next);
    else free.push(detector);
  }

  async function work(detector: RunningDetector<Look>, { look, resolve, reject }: Waiting<Look>) {
    try {
      resolve(await detector.detect(look));
      if (!closed) give(detector);
    } catch (cause) {
      reject(cause instanceof Error ? cause : new Error(String(cause)));
      replace(detector, cause);
    }
  }

  function replace(detector: RunningDetector<Look>, cause: unknown): void {
    if (closed) return;
    deps.onTrouble("a detector failed and is replaced", cause);
    all.delete(detector);
    detector.close();
    deps.onChange();
    addAgain(RESTART_AFTER_MS);
  }

  function addAgain(afterMs: number): void {
    deps.later(() => {
      if (closed) return;
      add().catch((cause) => {
        deps.onTrouble("a detector could not be started", cause);
        addAgain(Math.min(afterMs * 2, 30_000));
      });
    }, afterMs);
  }

  return {
    /** Resolves with the first detector's provider when it is ready, rejects when that one cannot be started. */
    async open(): Promise<string> {
      await add();
      for (let more = 1; more < deps.size; more += 1) addAgain(0);
      return [...all][0]?.executionProvider ?? "";
    },
    count: () => all.size,
    /** Takes ownership of the look until it answers; waits for a free detector. */
    detect: (look: Look): Promise<LookDetected<Look>> =>
      new Promise((resolve, reject) => {
        if (closed) {
          deps.release(look);
          return reject(new Error("the detectors were stopped"));
        }
        const detector = free.shift();
        if (detector) void work(detector, { look, resolve, reject });
        else waiting.push({ look, resolve, reject });
      }),
    close(): void {
      closed = true;
      for (const { look, reject } of waiting.splice(0)) {
        deps.release(look);
        reject(new Error("the detectors were stopped"));
      }
      for (const detector of all) detector.close();
      all.clear();
      free.length = 0;
    },
  };
}
export type DetectorPool<Look> = ReturnType<typeof createDetectorPool<Look>>;
