import { useEffect, useRef, useState } from "react";
import { createZoom, type Zoom } from "./zoom-gestures.ts";

const LOOKS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Digital zoom of the one enlarged tile, by gestures and by keys: + - 0, and the arrows with Shift. */
export function useZoom({ stage, surface }: { stage: HTMLElement; surface: HTMLElement }) {
  const zoom = useRef<Zoom | null>(null);
  const [scale, setScale] = useState(1);
  useEffect(() => {
    const made = createZoom({ stage, surface, onScale: setScale });
    zoom.current = made;
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || !pressed(made, event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // before the grid's own keys, which are the arrows without Shift
    document.addEventListener("keydown", onKey, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKey, { capture: true });
      made.stop();
      zoom.current = null;
    };
  }, [stage, surface]);
  return { zoom, scale };
}

/** False where the key means nothing here. */
function pressed(zoom: Zoom, { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false; // the browser's own zoom
  const look = shiftKey ? LOOKS[key] : undefined;
  if (look) zoom.look(...look);
  else if (key === "+" || key === "=") zoom.closer();
  else if (key === "-") zoom.farther();
  else if (key === "0") zoom.reset();
  else return false;
  return true;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
