import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./steps.ts";

const MANTINE = join(ROOT, "node_modules", "@mantine", "core");
/** Components, and the parts that several of them are made of. */
const FOLDERS = ["components", "utils"].map((name) => join(MANTINE, "esm", name));

const filesUnder = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));

const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");

/** What the page imports from Mantine, and what those components are made of. */
function componentsInUse(): Set<string> {
  const used = new Set<string>();
  function visit(name: string) {
    const folder = FOLDERS.map((parent) => join(parent, name)).find(existsSync);
    if (used.has(name) || !folder) return;
    used.add(name);
    for (const source of filesUnder(folder, /\.mjs$/))
      for (const part of namesIn(source, /from "(?:\.\.\/)+(?:utils\/)?([A-Z]\w+)\//g)) visit(part);
  }
  for (const source of filesUnder(join(ROOT, "web"), /(?<!\.test)\.tsx?$/))
    for (const names of namesIn(source, /import \{([^}]*)\} from "@mantine\/core"/g))
      for (const name of namesIn(names, /(\w+)\s*(?:,|$)/g)) visit(name);
  return used;
}

const imported = namesIn(
  readFileSync(join(ROOT, "web", "app", "mantine.css"), "utf8"),
  /@mantine\/core\/styles\/([\w-]+)\.layer\.css/g,
);

test("every Mantine component of the page has its styles", () => {
  const wanted = [...componentsInUse()].filter((name) => existsSync(join(MANTINE, "styles", `${name}.css`)));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !imported.includes(name))).toEqual([]);
});

test("styles come in Mantine's own order: a later one overrides an earlier", () => {
  const all = readFileSync(join(MANTINE, "styles.css"), "utf8");
  const places = imported.map((name) =>
    all.indexOf(readFileSync(join(MANTINE, "styles", `${name}.css`), "utf8").slice(0, 120)),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
