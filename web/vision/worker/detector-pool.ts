import type { Detected } from "../detector.ts";

export type FrameDetected = Detected & { widthPx: number; heightPx: number };

/** A detector in a worker of its own, loaded and ready. */
export type RunningDetector<Frame> = {
  executionProvider: string;
  /** Takes ownership of the frame. Rejects when the worker died or does not answer any more. */
  detect(frame: Frame): Promise<FrameDetected>;
  close(): void;
};

type PoolDeps<Frame> = {
  size: number;
  start(): Promise<RunningDetector<Frame>>;
  release(frame: Frame): void;
  /** A detector came or went. */
  onChange(): void;
  onTrouble(what: string, cause: unknown): void;
  later(work: () => void, afterMs: number): void;
};

const RESTART_AFTER_MS = 500;

type Waiting<Frame> = {
  frame: Frame;
  resolve(detected: FrameDetected): void;
  reject(cause: Error): void;
};

/**
 * As many detectors as the machine bears, each with one picture at a time. One that fails is replaced: after an abort
 * of its wasm a session cannot be trusted, and a new worker costs less than to tell why.
 */
export function createDetectorPool<Frame>(deps: PoolDeps<Frame>) {
  const free: RunningDetector<Frame>[] = [];
  const all = new Set<RunningDetector<Frame>>();
  const waiting: Waiting<Frame>[] = [];
  let closed = false;

  async function add(): Promise<void> {
    const detector = await deps.start();
    if (closed) return detector.close();
    all.add(detector);
    give(detector);
    deps.onChange();
  }

  function give(detector: RunningDetector<Frame>): void {
    const next = waiting.shift();
    if (next) void work(detector, next);
    else free.push(detector);
  }

  async function work(detector: RunningDetector<Frame>, { frame, resolve, reject }: Waiting<Frame>) {
    try {
      resolve(await detector.detect(frame));
      if (!closed) give(detector);
    } catch (cause) {
      reject(cause instanceof Error ? cause : new Error(String(cause)));
      replace(detector, cause);
    }
  }

  function replace(detector: RunningDetector<Frame>, cause: unknown): void {
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
    /** Takes ownership of the frame; waits for a free detector. */
    detect: (frame: Frame): Promise<FrameDetected> =>
      new Promise((resolve, reject) => {
        if (closed) {
          deps.release(frame);
          return reject(new Error("the detectors were stopped"));
        }
        const detector = free.shift();
        if (detector) void work(detector, { frame, resolve, reject });
        else waiting.push({ frame, resolve, reject });
      }),
    close(): void {
      closed = true;
      for (const { frame, reject } of waiting.splice(0)) {
        deps.release(frame);
        reject(new Error("the detectors were stopped"));
      }
      for (const detector of all) detector.close();
      all.clear();
      free.length = 0;
    },
  };
}
export type DetectorPool<Frame> = ReturnType<typeof createDetectorPool<Frame>>;
