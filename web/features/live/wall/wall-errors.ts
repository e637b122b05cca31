import { backoffMs } from "../../../lib/backoff.ts";

const KEY = "guarita.wall.errors";
const RELOAD = { firstMs: 10_000, maxMs: 300_000, jitterFraction: 0 };

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** How often the wall stopped without a good while between; told over reloads of the page. */
export function createWallErrors(storage: () => Store) {
  function count(): number {
    try {
      const kept = Number(storage().getItem(KEY));
      return Number.isSafeInteger(kept) && kept > 0 ? kept : 0;
    } catch {
      return 0; // storage is switched off: every time is the first
    }
  }
  function put(change: (store: Store) => void) {
    try {
      change(storage());
    } catch {
      // switched off
    }
  }
  return {
    /** The wall stopped; returns how long to wait before it is opened again. */
    nextReloadMs(): number {
      const before = count();
      put((store) => store.setItem(KEY, String(before + 1)));
      return backoffMs(RELOAD, before);
    },
    /** It has been running well for a while. */
    forget: () => put((store) => store.removeItem(KEY)),
  };
}

export const wallErrors = createWallErrors(() => sessionStorage);
