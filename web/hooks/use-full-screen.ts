import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
/** Where the browser cannot fill the screen (an iPhone), the page at least takes its own frame away. */
let isFrameless = false;

function tell() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("fullscreenchange", tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener("fullscreenchange", tell);
  };
}

const isFull = () => isFrameless || document.fullscreenElement === document.documentElement;

function setFrameless(wanted: boolean) {
  isFrameless = wanted;
  tell();
}

function enter() {
  const root: Partial<HTMLElement> = document.documentElement;
  if (!root.requestFullscreen) return setFrameless(true);
  // the whole page and not one part of it: menus and dialogs stand beside the grid, and would not be seen
  document.documentElement.requestFullscreen({ navigationUI: "hide" }).catch(() => setFrameless(true));
}

function leave() {
  if (isFrameless) setFrameless(false);
  // refused only where it has ended meanwhile
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
}

function toggle() {
  if (isFrameless || document.fullscreenElement) leave();
  else enter();
}

/** Pictures and nothing else on the screen. The functions stay the same. */
export function useFullScreen(): { isFull: boolean; toggle: () => void; leave: () => void } {
  return { isFull: useSyncExternalStore(subscribe, isFull, () => false), toggle, leave };
}
