import type { Dexie } from "dexie";

/**
 * Runs `work`, and once more on a fresh connection when the browser lost the first (Safari after it was in the
 * background: "Connection to Indexed Database server lost"). `work` must bear being run twice.
 */
export async function onLiveConnection<T>(db: Dexie, work: () => PromiseLike<T>): Promise<T> {
  const connection = db.backendDB();
  try {
    return await work();
  } catch (error) {
    if (!isLostConnection(error)) throw error;
    // of several who find it lost the first closes it; the others use the new one
    if (db.backendDB() === connection) db.close({ disableAutoOpen: false });
    await db.open();
    return await work();
  }
}

/** `OpenFailedError` is Dexie's for work that comes while somebody else opens the connection again. */
const LOST = ["UnknownError", "InvalidStateError", "OpenFailedError"];

const isLostConnection = (error: unknown): boolean => error instanceof Error && LOST.includes(error.name);
