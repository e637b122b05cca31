import { useEffect, useState } from "react";

/** `first` rows at once, which should fill a screen; then `step` at a time. */
export type Pace = { first: number; step: number };

const NONE: ReadonlySet<string> = new Set();

/**
 * Those of `items` that are drawn by now. A hundred rows drawn at once hold up the page; in pieces, each a task of
 * its own, they do not, and still all of them come: for the keyboard, a screen reader and the browser's own search.
 * The rows must be memoised, else each piece draws those before it again. No transition draws them: everything else
 * goes before it, and where videos begin to play a screen of 36 cameras took up to 7 seconds, now one.
 */
export function useGradual<Item>(items: Item[], keyOf: (item: Item) => string, pace: Pace): Item[] {
  const [drawn, setDrawn] = useState(NONE);
  const shown = nextPiece(items, keyOf, { drawn, pace });
  useEffect(() => {
    if (shown.every((item) => drawn.has(keyOf(item)))) return;
    const timer = setTimeout(() => setDrawn(new Set(shown.map(keyOf))));
    return () => clearTimeout(timer);
  });
  return shown;
}

/** Everything that is drawn already, and of the others the first few. */
export function nextPiece<Item>(
  items: Item[],
  keyOf: (item: Item) => string,
  { drawn, pace }: { drawn: ReadonlySet<string>; pace: Pace },
): Item[] {
  const kept = items.filter((item) => drawn.has(keyOf(item))).length;
  if (kept === items.length) return items;
  let room = Math.max(pace.step, pace.first - kept);
  return items.filter((item) => drawn.has(keyOf(item)) || room-- > 0);
}
