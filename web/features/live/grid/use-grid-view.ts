import { useCallback, useState } from "react";
import type { Camera } from "#contract/cameras.ts";
import { onPage, pageAt, stepped } from "./pages.ts";

/** The place in the list that was seen first; of this window alone, unlike the settings. */
const KEY = "guarita.live.first";

/** Which cameras are on the screen: a page of them, or one alone. */
export function useGridView(cameras: Camera[], perPage: number) {
  const [first, setFirst] = useState(readFirst);
  const [enlargedId, setEnlargedId] = useState<string | null>(null);
  const { page, pages } = pageAt(first, cameras.length, perPage);
  const enlargedAt = cameras.findIndex(({ id }) => id === enlargedId); // -1 too once it was removed
  const enlarged = cameras[enlargedAt] ?? null;

  const toggleSize = useCallback((id: string) => setEnlargedId((now) => (now === id ? null : id)), []);

  function show(index: number) {
    setFirst(index);
    keepFirst(index);
  }

  return {
    page,
    pages,
    shown: enlarged ? [enlarged] : onPage(cameras, page, perPage),
    enlarged,
    /** Among all cameras; -1 while none is enlarged. */
    enlargedAt,
    toggleSize,
    shrink: () => setEnlargedId(null),
    goTo: (to: number) => show(to * perPage),
    /** Round and round; returns the page that is shown then. */
    turn(by: number) {
      const to = stepped(page, by, pages);
      show(to * perPage);
      return onPage(cameras, to, perPage);
    },
    /** The camera beside the enlarged one takes its place, on the page to come back to. Returns its id. */
    step(by: number): string | undefined {
      const index = stepped(enlargedAt, by, cameras.length);
      const id = cameras[index]?.id;
      setEnlargedId(id ?? null);
      show(index);
      return id;
    },
  };
}

function readFirst(): number {
  try {
    const kept = Number(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY));
    return Number.isSafeInteger(kept) && kept >= 0 ? kept : 0;
  } catch {
    return 0; // storage is switched off
  }
}

/** For this window while it lives, and for the device's next one. */
function keepFirst(index: number) {
  try {
    sessionStorage.setItem(KEY, String(index));
    localStorage.setItem(KEY, String(index));
  } catch {
    // full or switched off: the next visit begins with the first page
  }
}
