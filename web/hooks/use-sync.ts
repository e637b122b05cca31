import { useSyncExternalStore } from "react";
import type { SyncStatus } from "../sync/sync.ts";
import { useServices } from "./services.ts";

export type { OutboxLedger, SyncStatus } from "../sync/sync.ts";

/** Where this browser's events are. `flush` tries to send them now. */
export function useSync(): { sync: SyncStatus; flush: () => void } {
  const { sync } = useServices();
  const status = useSyncExternalStore(sync.subscribe, sync.status);
  return { sync: status, flush: () => void sync.flush() };
}
