import { type PointerEvent, useRef } from "react";

const LEAST_PX = 60;
const LONGEST_MS = 700;

/** A finger's quick move to the side; up and down stay with scrolling. Give the element `touch-action: pan-y`. */
export function useSwipe(onSwipe: (by: 1 | -1) => void) {
  const start = useRef<{ x: number; y: number; atMs: number } | null>(null);
  return {
    onPointerDown({ pointerType, isPrimary, clientX, clientY, timeStamp }: PointerEvent) {
      const isFinger = pointerType === "touch" && isPrimary; // a second finger is no swipe
      start.current = isFinger ? { x: clientX, y: clientY, atMs: timeStamp } : null;
    },
    onPointerUp({ clientX, clientY, timeStamp }: PointerEvent) {
      const from = start.current;
      start.current = null;
      if (!from || timeStamp - from.atMs > LONGEST_MS) return;
      const across = clientX - from.x;
      if (Math.abs(across) < LEAST_PX || Math.abs(across) < 2 * Math.abs(clientY - from.y)) return;
      onSwipe(across < 0 ? 1 : -1);
    },
    onPointerCancel() {
      start.current = null; // the browser scrolls
    },
  };
}
