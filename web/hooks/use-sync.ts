import { useSyncExternalStore } from "react";
import type { Sync, SyncStatus } from "../sync/sync.ts";
import { useServices } from "./services.ts";

export type { OutboxLedger, SyncStatus } from "../sync/sync.ts";

type SyncState = { sync: SyncStatus; flush: () => void } & Pick<Sync, "askPersistence">;

/** Where this browser's events are. `flush` tries to send them now. */
export function useSync(): SyncState {
  const { sync } = useServices();
  const status = useSyncExternalStore(sync.subscribe, sync.status);
  return { sync: status, flush: () => void sync.flush(), askPersistence: sync.askPersistence };
}
