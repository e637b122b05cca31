import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { type SimulatedCameras, startCameras } from "../../support/cameras.ts";
import { startGateway } from "../../support/gateway.ts";
import { hasRealModel, NO_SHARED } from "../../support/material.ts";
import { chooseModels, type Look, type Looks, looksOf, noteLooks } from "../../support/station-page.ts";
import { browserOptions } from "../browser.ts";
import type { Bench, Report } from "../report.ts";
import { AS_A_SUB_STREAM } from "../vision/scenes.ts";
import { averagesOf, CLASS_NAMES, findInStills, MIN_SCORE, tryBoxes } from "./boxes.ts";
import type { LabelledBoxes } from "./labels.ts";

/** Cameras that one page looks at together. */
const AT_ONCE = 30;
/** The first look finds nothing that counts: what counts was seen twice. */
const LOOKS = 3;
const AT_MOST_MS = 300_000;
/** As a sub stream is, 640x360 at most and 360x640 upright; both sides even, as its codec wants them. */
const AS_SMALL =
  "scale='if(gt(a,1),640,360)':'if(gt(a,1),360,640)':force_original_aspect_ratio=decrease:force_divisible_by=2";

/**
 * AP50 through the whole chain: each picture is what a camera of its own sees, encoded as a sub stream, sent, tapped,
 * decoded, looked at and followed by a real page. Beside it, in the same run, the pictures as they are.
 */
export const chainBench: Bench = {
  name: "chain",
  async run(report, { boxes }) {
    const labelled = tryBoxes(boxes);
    if (!labelled || !hasRealModel()) return skip(report, NO_SHARED);
    const folder = mkdtempSync(join(tmpdir(), "guarita-bench-chain-"));
    try {
      const clips = tryClips(labelled, folder);
      if (clips.status === "missing") return skip(report, clips.reason);
      const found: Look["objects"][] = [];
      for (let at = 0; at < labelled.length; at += AT_ONCE) {
        found.push(...(await findByCamera(report, clips.files.slice(at, at + AT_ONCE))));
      }
      reportAll(report, labelled, found, await findInStills(labelled));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function skip(report: Report, reason: string): void {
  for (const name of CLASS_NAMES) report.skip(`accuracy.chain.${name}_ap50`, reason);
}

type Clips = { status: "made"; files: string[] } | { status: "missing"; reason: string };

/** Two seconds of each picture. Without ffmpeg there are none; with it, a picture it cannot read is an error. */
function tryClips(labelled: LabelledBoxes[], folder: string): Clips {
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
  } catch {
    return { status: "missing", reason: "no ffmpeg on the path" };
  }
  const files = labelled.map(({ file }, at) => {
    const clip = join(folder, `${at}.mp4`);
    const input = ["-v", "error", "-y", "-loop", "1", "-framerate", "15", "-i", file, "-t", "2"];
    execFileSync("ffmpeg", [...input, "-vf", AS_SMALL, ...AS_A_SUB_STREAM, clip]);
    return clip;
  });
  return { status: "made", files };
}

/** What the station tells of each clip, in their order, once it has looked at it often enough. */
async function findByCamera(report: Report, clips: string[]): Promise<Look["objects"][]> {
  const gateway = await startGateway({ mediamtx: false });
  const cameras = await startCameras({ clip: clips, cameras: clips.length });
  const browser = await chromium.launch(browserOptions());
  try {
    const ids = await addAll(gateway, cameras, clips.length);
    const page = await browser.newPage();
    await chooseModels(page, (models) =>
      models
        .filter(({ family, demonstration }) => family === "yolox" && !demonstration)
        .map((model) => ({ ...model, minScore: MIN_SCORE })),
    );
    await noteLooks(page);
    await page.goto(`${gateway.url}/system`);
    const looks = await lookedAtOften(page, ids);
    report.note(`the page's network is ${await longestSideOf(page)} wide`);
    return ids.map((id) => looks[id]?.findLast(({ isDetected }) => isDetected)?.objects ?? []);
  } finally {
    await browser.close();
    await cameras.stop();
    await gateway.stop();
  }
}

async function addAll(
  gateway: Awaited<ReturnType<typeof startGateway>>,
  cameras: SimulatedCameras,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    // a queue of pictures is no queue
    const camera = { name: `Picture ${at + 1}`, mainAddress: cameras.address(at), queueThreshold: 50 };
    ids.push((await gateway.addCamera(camera)).id);
  }
  return ids;
}

async function lookedAtOften(page: Page, ids: string[]): Promise<Looks> {
  const untilMs = Date.now() + AT_MOST_MS;
  for (;;) {
    const looks = await looksOf(page);
    const late = ids.filter((id) => (looks[id] ?? []).filter(({ isDetected }) => isDetected).length < LOOKS);
    if (late.length === 0) return looks;
    if (Date.now() > untilMs) throw new Error(`${late.length} of ${ids.length} pictures were not looked at`);
    await sleep(500);
  }
}

/** What the page chose for this device, px: a slow one looks at smaller pictures, and finds less. */
function longestSideOf(page: Page): Promise<number | null> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all = await indexedDB.databases();
    const name = all.map((one) => one.name ?? "").find((one) => one.startsWith("guarita-vision-"));
    if (!name) return null;
    const db = await done(indexedDB.open(name));
    const [choice] = await done<{ longestPx: number }[]>(
      db.transaction("choices").objectStore("choices").getAll(),
    );
    return choice?.longestPx ?? null;
  });
}

function reportAll(
  report: Report,
  labelled: LabelledBoxes[],
  found: Look["objects"][],
  stills: Look["objects"][],
): void {
  const byChain = averagesOf(labelled, found);
  const byStills = averagesOf(labelled, stills);
  for (const name of CLASS_NAMES) {
    const [chain, still] = [byChain[name], byStills[name]];
    if (chain === null || still === null) {
      report.skip(`accuracy.chain.${name}_ap50`, `no ${name} is labelled`);
      continue;
    }
    report.add(`accuracy.chain.${name}_ap50`, chain, "");
    report.add(`accuracy.chain.${name}_vs_stills`, chain / still, "x");
  }
}
