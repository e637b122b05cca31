/**
 * A worker that ends tells nobody. But the browser takes back the Web Locks it held, so the other side learns of its
 * end at once by waiting for such a lock, whatever ended it, and without a timer that a hidden tab would slow down.
 */

/** In the worker: resolves once the lock is held; it is held as long as the worker lives. */
export function holdLife(lockName: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(lockName, () => {
        resolve();
        return new Promise(() => undefined);
      })
      .catch(reject);
  });
}

/** On the other side, after the worker said that it holds the lock. Not called any more once `signal` is aborted. */
export function watchLife(lockName: string, signal: AbortSignal, onEnd: () => void): void {
  navigator.locks
    .request(lockName, { signal }, () => {
      if (!signal.aborted) onEnd();
    })
    .catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
}
