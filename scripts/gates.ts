import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { gate, run, type Tally } from "./steps.ts";

/** Folders with a tsconfig.json of their own: each environment compiles apart. */
const TYPE_PROJECTS = [
  "gateway/contract",
  "gateway",
  "web",
  "web/vision/worker",
  "web/media/worker",
  "web/taps/worker",
  "web/evidence/worker",
  "web/sw",
  "e2e",
];

/** Two compilers at a time; what did not change since the last run is not looked at again. */
export async function typecheck(): Promise<number> {
  const waiting = [...TYPE_PROJECTS];
  const codes: number[] = [];
  const compileAll = async () => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const known = join("node_modules", ".cache", "types", `${project.replaceAll("/", "-")}.tsbuildinfo`);
      const args = ["-p", join(project, "tsconfig.json"), "--incremental", "--tsBuildInfoFile", known];
      codes.push(await run("tsc", args));
    }
  };
  await Promise.all([compileAll(), compileAll()]);
  return Math.max(...codes);
}

/** Everything that needs no browser: format and lint, types, import arrows, unit tests. */
export async function staticGates(): Promise<Tally[]> {
  return [
    await gate("format and lint", () => run("biome", ["check", "--error-on-warnings", "."])),
    await gate("types", typecheck),
    await gate("import arrows", () =>
      run("depcruise", ["--config", ".dependency-cruiser.cjs", "gateway", "web", "e2e"]),
    ),
    await unitTests(),
  ];
}

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          meta: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

/** A test that a machine cannot run says why in its name: "... (skipped: no MediaMTX found)". */
function skipReason(name: string): string {
  return /\(((?:needs|skipped:) [^)]+)\)/.exec(name)?.[1] ?? "no reason given";
}

async function unitTests(): Promise<Tally> {
  console.log("\n== unit tests");
  const folder = mkdtempSync(join(tmpdir(), "guarita-unit-"));
  const file = join(folder, "report.json");
  const code = await run("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  try {
    const report = VitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
    const tests = report.testResults.flatMap((suite) => suite.assertionResults);
    const skips = tests
      .filter((test) => test.status === "skipped" || test.status === "pending" || test.status === "todo")
      .map((test) => ({ name: test.fullName, reason: skipReason(test.fullName) }));
    // a suite that could not even load has no failed test to count
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skips };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skips: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
