import type { LaunchOptions } from "@playwright/test";
import config from "../../playwright.config.ts";
import { findBrowser } from "../../scripts/find-browser.ts";

/** The browser of the end-to-end tests, with the same flags. */
export function browserOptions(): LaunchOptions {
  const executablePath = findBrowser();
  return { ...config.use?.launchOptions, ...(executablePath ? { executablePath } : {}) };
}
