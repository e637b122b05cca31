import { useSyncExternalStore } from "react";
import { useServices } from "./services.ts";

/** Whether a newer version of the page waits, and the way to take it. */
export function useUpdate(): { isReady: boolean; accept: () => void } {
  const { update } = useServices();
  return { isReady: useSyncExternalStore(update.subscribe, update.isReady), accept: update.accept };
}
