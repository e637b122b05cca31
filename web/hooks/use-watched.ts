import { useSyncExternalStore } from "react";
import { createPageWatch } from "./page-watch.ts";

let watch: ReturnType<typeof createPageWatch> | undefined;

function pageWatch() {
  watch ??= createPageWatch({ document, window });
  return watch;
}

const subscribe = (listener: () => void) => pageWatch().subscribe(listener);
const isWatched = () => pageWatch().isWatched();

/** False once the page has been hidden for a while: live pictures then cost for nobody. Analysis goes on. */
export function useWatched(): boolean {
  return useSyncExternalStore(subscribe, isWatched);
}
