/** Runs the work of one key in the order in which it came, of different keys side by side. */
export function createInOrder() {
  const last = new Map<string, Promise<unknown>>();

  return {
    /** Starts at once where nothing of this key is at work. A failure is the caller's and stops no later work. */
    run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const before = last.get(key);
      const mine = before ? before.then(work, work) : work();
      last.set(key, mine);
      const leave = () => void (last.get(key) === mine && last.delete(key));
      mine.then(leave, leave);
      return mine;
    },
    isBusy: (key: string): boolean => last.has(key),
  };
}
