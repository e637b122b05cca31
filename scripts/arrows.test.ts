import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";
import { ROOT } from "./steps.ts";

/** Cruises `baseDir` by the project's own rules. */
async function cruiseTree(baseDir: string): Promise<ICruiseResult> {
  const config = (await import(join(ROOT, ".dependency-cruiser.cjs"))).default;
  const { output } = await cruise(["gateway", "web", "e2e"], {
    ...config.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
    tsPreCompilationDeps: true,
  });
  // without an output type the result is the structure, not a text
  return output as ICruiseResult;
}

/** Files that each break one rule: path, content, the rule that must fire. */
const PLANTED: [string, string, string][] = [
  ["gateway/taps/a.ts", 'import "../cameras/b.ts";', "gateway-features-are-islands"],
  ["gateway/cameras/b.ts", "export {};", ""],
  ["gateway/kernel/c.ts", 'import type {} from "../taps/a.ts";', "kernel-knows-no-feature"],
  ["gateway/contract/d.ts", 'import "../kernel/c.ts";', "contract-is-a-leaf"],
  ["web/sync/e.ts", 'import "../media/f.ts";', "web-services-are-islands"],
  ["web/media/f.ts", 'import "../../gateway/kernel/c.ts";', "web-sees-only-the-contract"],
  ["web/features/live/g.ts", 'import "../../media/f.ts";', "features-use-hooks"],
  ["web/features/live/tile/p.ts", 'import "../grid/q.ts";', "live-tile-knows-no-grid"],
  ["web/features/live/grid/q.ts", 'import "../wall/r.ts";', "live-grid-knows-no-wall"],
  ["web/features/live/wall/r.ts", "export {};", ""],
  ["web/features/events/h.ts", 'import "../live/g.ts";', "web-features-are-islands"],
  ["web/vision/i.ts", 'import "./j.worker.ts";', "worker-entries-are-loaded-not-imported"],
  ["web/vision/j.worker.ts", "export {};", ""],
  ["web/lib/k.ts", 'import "./l.ts";', "no-cycles"],
  ["web/lib/l.ts", 'import "./k.ts";', ""],
  ["e2e/m.ts", 'import "../gateway/kernel/c.ts";', "e2e-sees-only-the-contract"],
  ["e2e/bench/accuracy/s.ts", 'import "../../../web/lib/k.ts";', "accuracy-sees-only-the-station"],
  ["gateway/events/n.ts", 'import "./events.memory.ts";', "test-code-stays-in-tests"],
  ["gateway/events/events.memory.ts", 'import "express";', "express-only-at-the-door"],
  ["web/api/o.ts", 'import "react";', "services-know-no-react"],
  ["gateway/app.ts", 'import "./nowhere.ts";', "nothing-unresolved"],
];

test("the project's own imports keep to the arrows, and more than 20 modules were looked at", async () => {
  const { summary } = await cruiseTree(ROOT);
  expect(summary.totalCruised).toBeGreaterThan(20);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
}, 120_000);

test("every planted violation of an arrow is reported", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guarita-arrows-"));
  try {
    for (const [path, content] of PLANTED) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const { summary } = await cruiseTree(folder);
    const fired = new Set(summary.violations.map(({ rule }) => rule.name));
    const expected = PLANTED.map(([, , rule]) => rule).filter((rule) => rule !== "");
    expect(expected.filter((rule) => !fired.has(rule))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
