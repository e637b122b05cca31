/** How much of the room that the browser gives this page is used. */
export type StorageState =
  /** Not asked yet, or a browser (or plain http address) that does not say. */
  | { status: "unknown" }
  | {
      status: "known";
      usedBytes: number;
      quotaBytes: number;
      isPersistent: boolean;
      /** So little is left that a person should know. */
      isTight: boolean;
    };

export type StorageWatch = {
  start(): void;
  stop(): void;
  state(): StorageState;
  subscribe(listener: () => void): () => void;
  /** Asks that nothing is cleared; some browsers ask the person. Resolves when the answer is shown. */
  askPersistence(): Promise<void>;
};

type StorageWatchDeps = {
  /** Only a page can ask for persistence; a worker cannot. */
  storage: (Pick<StorageManager, "estimate" | "persisted"> & { persist?(): Promise<boolean> }) | undefined;
  /** Runs `work` again and again; returns the function that ends it. */
  every: (work: () => void, periodMs: number) => () => void;
};

const LOOK_EVERY_MS = 60_000;
const TIGHT_FRACTION = 0.8;

/** Looks every minute how much room is left. */
export function createStorageWatch({ storage, every }: StorageWatchDeps): StorageWatch {
  const listeners = new Set<() => void>();
  let state: StorageState = { status: "unknown" };
  let end: (() => void) | null = null;

  async function look(): Promise<void> {
    const [estimate, isPersistent] = await Promise.all([storage?.estimate(), storage?.persisted()]);
    // some say 0 when they will not tell
    if (!estimate?.quota) return;
    const { usage: usedBytes = 0, quota: quotaBytes } = estimate;
    const isTight = usedBytes >= quotaBytes * TIGHT_FRACTION;
    state = { status: "known", usedBytes, quotaBytes, isPersistent: isPersistent === true, isTight };
    for (const listener of listeners) listener();
  }

  // a browser that refuses to say changes nothing: what was known last is shown
  const tryLook = () => void look().catch(() => {});

  return {
    start() {
      tryLook();
      end ??= every(tryLook, LOOK_EVERY_MS);
    },
    stop() {
      end?.();
      end = null;
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async askPersistence() {
      await storage?.persist?.();
      await look();
    },
  };
}
