import { useEffect, useState, useSyncExternalStore } from "react";
import { createScreenLock, type WakeLockStatus } from "./wake-lock.ts";

/** Keeps the screen on while the caller is shown. */
export function useScreenLock(): WakeLockStatus {
  const [lock] = useState(() =>
    createScreenLock({
      wakeLock: navigator.wakeLock,
      document,
      later: (action, ms) => setTimeout(action, ms),
    }),
  );
  useEffect(() => {
    lock.start();
    return lock.stop;
  }, [lock]);
  return useSyncExternalStore(lock.subscribe, lock.status);
}
