import type { BrowserContext, Page, Worker } from "@playwright/test";
import { paths } from "#contract/paths.ts";
import type { FractionBox } from "#contract/payloads.ts";
import { type ModelEntry, ModelManifest } from "#contract/system.ts";

/** A page opens its model; a busy machine takes its time. */
export const STARTED_WITHIN_MS = 90_000;

/** What the station told of one picture: when, by the page's clock, and whether a detector saw it. */
export type Look = {
  atMs: number;
  isDetected: boolean;
  objects: { label: string; score: number; box: FractionBox }[];
};
/** By camera id, oldest first. */
export type Looks = Record<string, Look[]>;

declare global {
  var notedLooks: Looks | undefined;
}

/** Lets the page know only the models that `choose` gives back. Before the page is opened. */
export async function chooseModels(
  page: Page | BrowserContext,
  choose: (models: ModelEntry[]) => ModelEntry[],
): Promise<void> {
  await page.route(`**${paths.models}`, async (route) => {
    const { models } = ModelManifest.parse(await (await route.fetch()).json());
    await route.fulfill({ json: { models: choose(models) } });
  });
}

/** The small model of the drawn scene: quick to open, so that a real one does not fight for the cores. */
export const useSmallModel = (page: Page | BrowserContext): Promise<void> =>
  chooseModels(page, (models) => models.filter(({ demonstration }) => demonstration));

/** What pages measure on a busy machine differs from run to run, and cameras are spread by it. */
export async function reportCapacity(page: Page | BrowserContext, capacity: number): Promise<void> {
  await page.route("**/api/stations/*/heartbeat", (route) => {
    const report = route.request().postDataJSON();
    return route.continue({ postData: JSON.stringify({ ...report, capacity }) });
  });
}

/** Notes what the station's worker says to the page of its looks, and changes nothing of it. Before the page is opened. */
export async function noteLooks(page: Page | BrowserContext): Promise<void> {
  await page.addInitScript(() => {
    const looks: Looks = {};
    globalThis.notedLooks = looks;
    globalThis.Worker = class extends Worker {
      constructor(...made: ConstructorParameters<typeof Worker>) {
        super(...made);
        this.addEventListener("message", ({ data }) => {
          if (data?.type !== "result") return;
          const { cameraId, objects, inferenceMs } = data.result;
          looks[cameraId] ??= [];
          looks[cameraId].push({ atMs: Date.now(), isDetected: inferenceMs > 0, objects });
        });
      }
    };
  });
}

export const looksOf = (page: Page): Promise<Looks> => page.evaluate(() => globalThis.notedLooks ?? {});

/** How many cameras were looked at after this instant. */
export async function lookedAtSince(page: Page, sinceMs: number): Promise<number> {
  const looks = await looksOf(page);
  return Object.values(looks).filter((all) => (all.at(-1)?.atMs ?? 0) > sinceMs).length;
}

/** Those of the page's workers that run this entry, workers of workers among them. */
export const workersOf = (page: Page, entry: "station" | "detector"): Worker[] =>
  page.workers().filter((worker) => worker.url().includes(`/${entry}.worker`));

/** The worker ends without a word to anybody, as one does that the browser takes away. */
export async function endWorker(worker: Worker): Promise<void> {
  const closed = worker.waitForEvent("close");
  await worker.evaluate(() => self.close()).catch(() => {}); // it may be gone before it answers
  await closed;
}
