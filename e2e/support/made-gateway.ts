import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Page, Route } from "@playwright/test";
import { STORE_ID } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import type { Health } from "#contract/system.ts";

/** The built page (`vite build`). */
const PAGE = join(import.meta.dirname, "..", "..", "dist", "web");
/** Secure for the browser, and answered by nobody but this file. */
const ORIGIN = "http://guarita.localhost";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** What was asked; `body` is the JSON that came with it. */
export type Asked = { method: string; path: string; query: URLSearchParams; body: unknown };
/** An answer: JSON with status 200, or another status. */
export type Reply = { json: unknown } | { status: number; json?: unknown };
/** Answers by `METHOD /path`; null is the next one's to answer. */
export type Replies = (asked: Asked) => Reply | null;

export function aHealth(overrides: Partial<Health> = {}): Health {
  return {
    status: "ok",
    version: "0.1.0",
    storeId: STORE_ID,
    startedAtMs: Date.now(),
    nowMs: Date.now(),
    demo: false,
    media: { status: "running" },
    models: [],
    unbalancedSinks: 0,
    ...overrides,
  };
}

const NOTHING: Record<string, unknown> = {
  [paths.cameras]: { cameras: [] },
  [paths.camerasHealth]: { health: [] },
  [paths.zones]: { zones: [] },
  [paths.models]: { models: [], chosen: null },
  [paths.events]: { events: [] },
  [paths.stations]: { stations: [], unwatched: [] },
};

/**
 * The built page without a gateway: what it asks is answered by `replies`, and else as a gateway does that has nothing.
 * Returns the address of the page and what was asked of `replies` so far.
 */
export async function madeGateway(page: Page, replies: Replies): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];

  async function answer(route: Route): Promise<void> {
    const request = route.request();
    const { pathname: path, searchParams: query } = new URL(request.url());
    const one: Asked = { method: request.method(), path, query, body: request.postDataJSON() };
    const reply = replies(one);
    if (reply) asked.push(one);
    const made = reply ?? usual(path);
    if (!made) return route.fulfill({ status: 404 });
    const status = "status" in made ? made.status : 200;
    return route.fulfill({ status, json: made.json ?? {} });
  }

  await page.routeWebSocket(`${ORIGIN.replace("http", "ws")}/api/**`, () => {
    // open, and silent
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith("/api/")) return answer(route);
    const file = join(PAGE, pathname);
    const isFile = extname(pathname) !== "" && existsSync(file);
    // every other path is a screen
    const body = readFileSync(isFile ? file : join(PAGE, "index.html"));
    return route.fulfill({ body, contentType: TYPES[isFile ? extname(file) : ".html"] ?? "" });
  });
  return { url: ORIGIN, asked };
}

function usual(path: string): Reply | null {
  if (path === paths.health) return { json: aHealth() };
  return path in NOTHING ? { json: NOTHING[path] } : null;
}
