import { defineConfig } from "@playwright/test";

/** Chromium flags: no sandbox as root, no traffic to anywhere, video starts without a click. */
const args = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--autoplay-policy=no-user-gesture-required",
];
if (process.getuid?.() === 0) args.push("--no-sandbox");

const executablePath = process.env.GUARITA_CHROMIUM;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  // every spec has its own gateway and cameras; two at once would only fight for the cores
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    launchOptions: { args, ...(executablePath ? { executablePath } : {}) },
  },
});
