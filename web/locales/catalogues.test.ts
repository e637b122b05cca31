import { expect, test } from "vitest";
import en from "./en.json" with { type: "json" };
import enScreens from "./en.screens.json" with { type: "json" };
import ptBr from "./pt-BR.json" with { type: "json" };
import ptBrScreens from "./pt-BR.screens.json" with { type: "json" };

type Catalogue = { [key: string]: string | Catalogue };

function flatten(catalogue: Catalogue, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

const english = flatten({ ...en, ...enScreens });
const portuguese = flatten({ ...ptBr, ...ptBrScreens });
const variablesOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

/** All code that may name a text. */
const sources = Object.values(
  import.meta.glob<string>(
    ["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../**/*.d.ts", "!../**/*.memory.tsx"],
    {
      query: "?raw",
      import: "default",
      eager: true,
    },
  ),
).join("\n");

/** Every text that stands in quotes, and every template as the pattern of the keys that it can make. */
const quoted = new Set([...sources.matchAll(/"([\w.]+)"/g)].map((match) => match[1] ?? ""));
const templates = [...sources.matchAll(/`(\w+\.[^`\s]*\$\{[^`\s]*)`/g)].map(
  ([, template = ""]) => new RegExp(`^${template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`),
);

test("both catalogues have the same texts", () => {
  expect([...portuguese.keys()].sort()).toEqual([...english.keys()].sort());
});

test("a text takes the same values in both languages", () => {
  for (const [key, text] of english)
    expect([key, variablesOf(portuguese.get(key) ?? "")]).toEqual([key, variablesOf(text)]);
});

test("each section stands in one file, the same in both languages", () => {
  const sections = [...Object.keys(en), ...Object.keys(enScreens)];
  expect(new Set(sections).size).toBe(sections.length);
  expect(Object.keys(ptBr)).toEqual(Object.keys(en));
});

test("what comes with the page names no text that comes with another screen", () => {
  const first = import.meta.glob<string>(
    ["../{app,ui}/**/*.{ts,tsx}", "../features/live/**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}"],
    { query: "?raw", import: "default", eager: true },
  );
  const named = [
    ...Object.values(first)
      .join("\n")
      .matchAll(/["`](\w+)\.\w/g),
  ].map((match) => match[1] ?? "");
  expect(named).toContain("nav");
  expect(named.filter((section) => section in enScreens)).toEqual([]);
});

test("no text is without a place where it is shown", () => {
  const unused = [...english.keys()]
    .map((key) => key.replace(/_(zero|one|other)$/, ""))
    .filter((key) => !quoted.has(key) && !templates.some((pattern) => pattern.test(key)));
  expect(unused).toEqual([]);
});

test("what could not be read from the code would be noticed", () => {
  expect(quoted.has("nav.live")).toBe(true);
  expect(templates.some((pattern) => pattern.test("fault.frozen.title"))).toBe(true);
  expect(templates.some((pattern) => pattern.test("nothing.of.this"))).toBe(false);
});
