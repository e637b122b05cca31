import { useEffect, useState } from "react";

const SIGNS = ["pointermove", "pointerdown", "wheel", "keydown"] as const;

/** True once nobody touched, moved the mouse or pressed a key on this page for so long. */
export function useStill(afterMs: number, isStillAtFirst = false): boolean {
  const [isStill, setStill] = useState(isStillAtFirst);
  useEffect(() => {
    let timer = setTimeout(() => setStill(true), afterMs);
    let last = { x: Number.NaN, y: Number.NaN };
    function wake(event: Event) {
      if (event instanceof PointerEvent) {
        // browsers also tell of a move when it was the page that moved, under a mouse that lies still
        const isSame = event.screenX === last.x && event.screenY === last.y;
        last = { x: event.screenX, y: event.screenY };
        if (event.type === "pointermove" && isSame) return;
      }
      clearTimeout(timer);
      setStill(false);
      timer = setTimeout(() => setStill(true), afterMs);
    }
    for (const sign of SIGNS) document.addEventListener(sign, wake, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) document.removeEventListener(sign, wake, { capture: true });
    };
  }, [afterMs]);
  return isStill;
}
