import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick() {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

/** This device's clock, a second apart; one timer serves the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, currentMs);
}

/** Before the timer runs, the clock itself, by whole seconds so that two reads in one render agree. */
function currentMs(): number {
  if (timer === undefined) nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  return nowMs;
}

/** What `read` makes of the clock, a plain value; draws again only when that value is another one. */
export function useClock<Value extends string | number | boolean | null>(
  read: (nowMs: number) => Value,
): Value {
  const readNow = () => read(currentMs());
  return useSyncExternalStore(subscribe, readNow, readNow);
}
