import { useEffect, useState } from "react";

const AFTER_MS = 4_000;
const MOVES = ["pointermove", "pointerdown", "keydown", "focusin"] as const;

/** True once nobody moved over, touched or used keys in `element` for some seconds. */
export function useResting(element: HTMLElement): boolean {
  const [isResting, setResting] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function wake() {
      clearTimeout(timer);
      setResting(false);
      timer = setTimeout(() => setResting(true), AFTER_MS);
    }
    wake();
    for (const move of MOVES) element.addEventListener(move, wake, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const move of MOVES) element.removeEventListener(move, wake, { capture: true });
    };
  }, [element]);
  return isResting;
}
