import { type How, withLongestSide } from "./capacity.ts";
import { within } from "./rpc-worker.ts";
import { type DetectorPlan, openDetector } from "./start-detector.ts";

const RUNS = 7;

/** Pictures a second that so many detectors manage side by side on this device; all are gone when it settles. */
export async function measureDevice(
  plan: Omit<DetectorPlan, "executionProvider">,
  { executionProvider, sessions, longestPx }: How,
  atMostMs: number,
): Promise<number> {
  const entry = withLongestSide(plan.entry, longestPx);
  const detectors = Array.from({ length: sessions }, openDetector);
  try {
    const work = async () => {
      // all loaded first: one that still loads would slow down those that are measured
      await Promise.all(detectors.map(({ load }) => load({ ...plan, entry, executionProvider })));
      const tookMs = await Promise.all(detectors.map(({ call }) => call("measure", { runs: RUNS })));
      return tookMs.reduce((sum, ms) => sum + 1_000 / ms, 0);
    };
    return await within(atMostMs, work());
  } finally {
    for (const { close } of detectors) close();
  }
}
