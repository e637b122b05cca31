import { useEffect, useState } from "react";
import { useNow } from "../../hooks/use-now.ts";
import { rateOf, type Sample, withSample } from "./recent-rate.ts";

/** How many a second are acknowledged, seen since the screen is open; null while that cannot be told. */
export function useRecentRate(acknowledged: number): number | null {
  const nowMs = useNow();
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => {
    setSamples((before) => withSample(before, { atMs: nowMs, acknowledged }));
  }, [nowMs, acknowledged]);
  return rateOf(samples);
}
