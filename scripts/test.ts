// `npm test`: finds or brings a browser, then every gate, unit test and end-to-end test. The last line has the sums.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { bundleBudget } from "./bundle-budget.ts";
import { findBrowser } from "./find-browser.ts";
import { staticGates } from "./gates.ts";
import { close, gate, run, type Tally } from "./steps.ts";

const Annotation = z.object({ type: z.string(), description: z.string().optional() });
const Spec = z.object({
  title: z.string(),
  tests: z.array(z.object({ status: z.string(), annotations: z.array(Annotation) })),
});
type Suite = { specs: z.infer<typeof Spec>[]; suites?: Suite[] | undefined };
const Suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({ specs: z.array(Spec), suites: z.array(Suite).optional() }),
);
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(Suite),
});

const specsOf = (suite: Suite): z.infer<typeof Spec>[] => [
  ...suite.specs,
  ...(suite.suites ?? []).flatMap(specsOf),
];

async function endToEnd(): Promise<Tally> {
  console.log("\n== end to end");
  const browser = findBrowser();
  if (!browser) {
    console.error("No Chromium was found, and none could be installed. GUARITA_CHROMIUM can name one.");
    return { passed: 0, failed: 1, skips: [] };
  }
  console.log(`   in ${browser}`);
  const folder = mkdtempSync(join(tmpdir(), "guarita-e2e-"));
  const file = join(folder, "report.json");
  const env = { ...process.env, GUARITA_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const code = await run("playwright", ["test", "--reporter=list,json"], { env });
  try {
    const { stats, suites } = PlaywrightReport.parse(JSON.parse(readFileSync(file, "utf8")));
    const skips = suites.flatMap(specsOf).flatMap((spec) =>
      spec.tests
        .filter((test) => test.status === "skipped")
        .map((test) => ({
          name: spec.title,
          reason: test.annotations.find((note) => note.type === "skip")?.description ?? "no reason given",
        })),
    );
    const failed = stats.unexpected + stats.flaky;
    return { passed: stats.expected, failed: Math.max(failed, code === 0 ? 0 : 1), skips };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skips: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

close([...(await staticGates()), await gate("bundle budget", bundleBudget), await endToEnd()]);
