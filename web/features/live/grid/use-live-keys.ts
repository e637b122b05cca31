import { useEffect, useEffectEvent } from "react";
import { isTaken, type LiveKey, liveKey } from "./live-keys.ts";

/**
 * Listens to the whole page, after everything else had its turn. `onKey` returns whether the key meant something; the
 * browser's own meaning (scrolling) is then kept from it.
 */
export function useLiveKeys(onKey: (key: LiveKey) => boolean): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const key = liveKey(event);
    if (!key || isTaken(key, event.target instanceof Element ? event.target : null)) return;
    if (onKey(key)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
