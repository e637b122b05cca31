import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => document.removeEventListener("fullscreenchange", listener);
}

/** What fills the screen now, if anything does. */
export function useFullscreenElement(): HTMLElement | null {
  return useSyncExternalStore(subscribe, current, () => null);
}

const current = (): HTMLElement | null =>
  document.fullscreenElement instanceof HTMLElement ? document.fullscreenElement : null;
