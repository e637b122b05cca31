import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "./steps.ts";

/**
 * What a first visit must fetch before the grid can be drawn: the scripts and styles index.html names, and the texts of
 * one language; gzipped.
 */
const FIRST_LOAD_LIMIT_BYTES = 282_000;
/** Everything executable together, workers and lazy chunks too, without wasm. */
const ALL_SCRIPTS_LIMIT_BYTES = 900_000;

const gzippedBytes = (file: string): number => gzipSync(readFileSync(file)).length;

/** 0 when the built page keeps to its budget. The page is built before (scripts/prepare.mjs). */
export async function bundleBudget(): Promise<number> {
  const page = join(ROOT, "dist", "web");
  const html = readFileSync(join(page, "index.html"), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? "");
  const catalogues = readdirSync(join(page, "assets")).filter((name) => /^(en|pt-BR)-[\w-]+\.js$/.test(name));
  if (catalogues.length !== 2) throw new Error(`expected the texts of two languages, not ${catalogues}`);
  const texts = Math.max(...catalogues.map((name) => gzippedBytes(join(page, "assets", name))));
  const first = named.reduce((total, name) => total + gzippedBytes(join(page, name)), texts);
  const scripts = readdirSync(page, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("js"),
  );
  const all = scripts.reduce((total, name) => total + gzippedBytes(join(page, name)), 0);
  console.log(
    `   first load ${first} of ${FIRST_LOAD_LIMIT_BYTES} bytes, all scripts ${all} of ${ALL_SCRIPTS_LIMIT_BYTES}`,
  );
  return first <= FIRST_LOAD_LIMIT_BYTES && all <= ALL_SCRIPTS_LIMIT_BYTES ? 0 : 1;
}
