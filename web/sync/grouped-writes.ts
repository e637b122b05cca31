type Waiter<T> = { item: T; resolve: () => void; reject: (error: unknown) => void };

/**
 * Group commit: what is offered while a write runs goes to disk together in the next one, so that a strictly durable
 * write is paid once for many. Each promise resolves when its item's write is on disk. When a write of several fails,
 * each is written alone, so that one bad item spoils no other.
 */
export function createGroupedWrites<T>(write: (items: T[]) => Promise<void>) {
  let waiters: Waiter<T>[] = [];
  let writing = false;

  async function drain() {
    writing = true;
    // what the same turn of the event loop still offers shares the first write
    await Promise.resolve();
    while (waiters.length > 0) {
      const group = waiters;
      waiters = [];
      await writeGroup(group);
    }
    writing = false;
  }

  async function writeGroup(group: Waiter<T>[]): Promise<void> {
    try {
      await write(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      const [only, ...others] = group;
      if (others.length === 0) only?.reject(error);
      else for (const waiter of group) await writeGroup([waiter]);
    }
  }

  return function offer(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      waiters.push({ item, resolve, reject });
      if (!writing) void drain();
    });
  };
}
