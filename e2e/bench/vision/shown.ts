import type { Page } from "@playwright/test";
import type { Report } from "../report.ts";

/** What the page says of one camera. */
export type ShownRate = { name: string; askedPerS: number; reachedPerS: number; stillPercent: number };

const TABLE = "How often each camera is looked at";
const number = (text: string | undefined): number => Number.parseFloat((text ?? "").replaceAll(",", ""));

/** The table of the system screen, in English; empty while the station does not run. */
export async function shownRates(page: Page): Promise<ShownRate[]> {
  const rows = await page
    .getByRole("table", { name: TABLE })
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  return rows.map(([name = "", asked, reached, still]) => ({
    name,
    askedPerS: number(asked),
    reachedPerS: number(reached),
    stillPercent: number(still),
  }));
}

/** `decode 1.2 · copy 0.1 · ...`, milliseconds a picture. */
export async function shownStages(page: Page): Promise<string> {
  const fact = page.locator("dl > div", { hasText: "ms by step" }).locator("dd");
  return (await fact.textContent()) ?? "";
}

export function reportStages(report: Report, shown: string): void {
  for (const part of shown.split(" · ")) {
    const [, stage, ms] = /^(\w+) ([\d.,]+)$/.exec(part) ?? [];
    if (stage !== undefined) report.add(`vision.stage_ms.${stage}`, number(ms), "ms");
  }
}
