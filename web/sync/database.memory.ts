import { IDBKeyRange, IDBFactory as MemoryFactory } from "fake-indexeddb";
import { GuaritaDb } from "./guarita-db.ts";

/** A device whose database lives in memory; `open` again is the same device after a restart. */
export function memoryDevice() {
  const indexedDB = new MemoryFactory();
  return {
    open: () => new GuaritaDb("guarita", { indexedDB, IDBKeyRange }),
  };
}
