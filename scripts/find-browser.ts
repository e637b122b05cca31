import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { ROOT } from "./steps.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge"];
const MAC = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onThisMachine(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC].find(isExecutable);
}

function playwrightsOwn(): string | undefined {
  const file = chromium.executablePath();
  if (existsSync(file)) return file;
  const cli = join(ROOT, "node_modules", "@playwright", "test", "cli.js");
  // a machine without internet is told so at once or after this time
  spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: ["ignore", 2, 2], timeout: 300_000 });
  return existsSync(file) ? file : undefined;
}

function debians(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) =>
    spawnSync("apt-get", args, { env, stdio: ["ignore", 2, 2] }).status === 0;
  if (apt("update")) apt("install", "--yes", "--no-install-recommends", "chromium");
  return onThisMachine();
}

/**
 * A Chromium: the one in `GUARITA_CHROMIUM`, else one on the machine, else Playwright's (downloaded when it can be),
 * else Debian's package where it may be installed.
 */
export function findBrowser(): string | undefined {
  return process.env.GUARITA_CHROMIUM ?? onThisMachine() ?? playwrightsOwn() ?? debians();
}
