import type { Report } from "../report.ts";
import type { UnwatchedPage } from "../unwatched-page.ts";

/** What the page says of one camera. */
export type ShownRate = { name: string; askedPerS: number; reachedPerS: number; stillPercent: number };

const TABLE = "How often each camera is looked at";
const number = (text: string | undefined): number => Number.parseFloat((text ?? "").replaceAll(",", ""));

/** The table of the system screen, in English; empty while the station does not run. */
export async function shownRates(page: UnwatchedPage): Promise<ShownRate[]> {
  const rows = await page.evaluate((table: string) => {
    const all = [...document.querySelectorAll(`table[aria-label="${table}"] tbody tr`)];
    return all.map((row) => [...row.children].map((cell) => cell.textContent ?? ""));
  }, TABLE);
  return rows.map(([name = "", asked, reached, still]) => ({
    name,
    askedPerS: number(asked),
    reachedPerS: number(reached),
    stillPercent: number(still),
  }));
}

/** `decode 1.2 · copy 0.1 · ...`, milliseconds a picture, on the system screen. */
export const shownStages = (page: UnwatchedPage): Promise<string> =>
  page.waitFor(() => {
    const facts = [...document.querySelectorAll("dl > div")];
    return facts.find((fact) => fact.textContent?.includes("ms by step"))?.querySelector("dd")?.textContent;
  });

/** Pictures a second, as every screen's header says it; resolves when it does. */
export const shownPicturesPerS = (page: UnwatchedPage): Promise<number> =>
  page.waitFor(() => {
    const said = /([\d.,]+) pictures\/s/.exec(document.body.textContent ?? "")?.[1];
    return said === undefined ? null : Number(said.replaceAll(",", ""));
  });

export function reportStages(report: Report, shown: string): void {
  for (const part of shown.split(" · ")) {
    const [, stage, ms] = /^(\w+) ([\d.,]+)$/.exec(part) ?? [];
    if (stage !== undefined) report.add(`vision.stage_ms.${stage}`, number(ms), "ms");
  }
}
