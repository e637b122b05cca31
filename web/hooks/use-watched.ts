import { useEffect, useState } from "react";

/** A glance at another tab does not stop the pictures. */
const PATIENCE_MS = 30_000;

/** False once the page has been hidden for a while: live pictures then cost for nobody. Analysis goes on. */
export function useWatched(): boolean {
  const [isWatched, setWatched] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function look() {
      clearTimeout(timer);
      if (document.visibilityState === "visible") setWatched(true);
      else timer = setTimeout(() => setWatched(false), PATIENCE_MS);
    }
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return isWatched;
}
