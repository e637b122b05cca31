import { useEffect, useRef } from "react";
import { useServices } from "./services.ts";
import { useGatewayLink, useHealth } from "./use-health.ts";
import { useUpdate } from "./use-update.ts";

/**
 * Takes a newer version of the page by itself while `isCalm`: for a screen at which nobody stands. Looked for each time
 * the gateway comes back, since it may have come back with one.
 */
export function useCalmUpdate(isCalm: boolean): void {
  const { update } = useServices();
  const { isReady, accept } = useUpdate();
  const isHere = useGatewayLink() === "here";
  const isOtherVersion = useOtherVersion();
  const isTaken = useRef(false);
  useEffect(() => {
    if (isHere) update.look();
  }, [isHere, update]);
  useEffect(() => {
    if (!isCalm || !isHere || isTaken.current) return;
    if (!isReady && !isOtherVersion) return;
    isTaken.current = true;
    if (isReady) accept();
    else location.reload();
  }, [isCalm, isHere, isReady, isOtherVersion, accept]);
}

/** Without a service worker (plain http from another machine) only the gateway's own version tells of a new page. */
function useOtherVersion(): boolean {
  const version = useHealth()?.version;
  const isHere = useGatewayLink() === "here";
  const first = useRef<string | undefined>(undefined);
  if (isHere && version !== undefined) first.current ??= version;
  const hasWorker = "serviceWorker" in navigator;
  return !hasWorker && first.current !== undefined && version !== first.current;
}
