import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, quantile } from "../report.ts";
import { browserCpuPercent } from "./browser-usage.ts";
import { mediamtxWays, pinnedWays, type Stage, tryMediamtxPages, withStage } from "./stage.ts";
import { openView, type Way } from "./view.ts";

const SETTLE_MS = 4_000;
const MEASURE_MS = 8_000;

/** The page of ours whose tile is compared, and MediaMTX's page that plays the same. */
const PAIRS = [
  ["webrtc", "mediamtx_page"],
  ["hls", "mediamtx_hls_page"],
  ["direct", "mediamtx_page"],
] as const;

/** The browser's share of a core with one tile on one page, window and clip the same for all. */
async function measureOnce({ browser }: Stage, way: Way): Promise<number> {
  const view = await openView(browser, { way, looks: [] });
  try {
    await view.page.waitForFunction(
      () => {
        const tile = document.querySelector("article[data-camera-id]");
        if (tile) return tile.getAttribute("data-status") === "playing";
        return (document.querySelector("video")?.currentTime ?? 0) > 0;
      },
      null,
      { timeout: 30_000 },
    );
    await sleep(SETTLE_MS);
    return await browserCpuPercent(browser, () => sleep(MEASURE_MS));
  } finally {
    await view.context.close();
  }
}

/** What a tile costs the browser, beside MediaMTX's own page with the same picture. */
export const cpuBench: Bench = {
  name: "cpu",
  async run(report, { rounds }) {
    await withStage({ count: 1, report }, async (stage) => {
      const pages = await tryMediamtxPages(stage, { count: 1, report });
      try {
        const ways = [...pinnedWays(stage), ...mediamtxWays(pages)];
        const seen = new Map<string, (number | undefined)[]>(ways.map(({ name }) => [name, []]));
        for (let round = 0; round < rounds; round++) {
          for (const way of ways) {
            const measured = await measureOnce(stage, way).catch((error: unknown) => {
              report.fail(`live.cpu_percent_tile.${way.name}`, String(error));
              return undefined;
            });
            seen.get(way.name)?.push(measured);
          }
        }
        for (const [name, all] of seen) {
          const values = all.filter((value) => value !== undefined);
          if (values.length > 0) report.add(`live.cpu_percent_tile.${name}`, quantile(values, 0.5), "%");
        }
        for (const [ours, theirs] of PAIRS) {
          const ratios = (seen.get(ours) ?? []).flatMap((value, index) => {
            const beside = seen.get(theirs)?.[index];
            return value && beside ? [value / beside] : [];
          });
          if (ratios.length > 0) report.add(`live.cpu_vs_${theirs}.${ours}`, quantile(ratios, 0.5), "x");
        }
      } finally {
        await pages?.stop();
      }
    });
  },
};
