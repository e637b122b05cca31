import { isMap, isScalar, type Node, type Pair, type YAMLMap } from "yaml";
import type { SettingKey } from "#contract/settings.ts";
import { parseConfig } from "./config-file.ts";

type Edit = { at: number; until: number; text: string };

/**
 * The text of a config.yaml with one setting changed: nothing else of it, not even a space, is another. `undefined`
 * where the text is written in a way that this cannot change (the caller says so, and a person does it).
 */
export function editConfig(text: string, key: SettingKey, value: string | number): string | undefined {
  const before = parseConfig(text, "");
  if (before.problems.length > 0) return undefined;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const { at, until, text: inserted } = placeOf(text, before.doc.contents, key, String(value));
  const changed = text.slice(0, at) + inserted.replaceAll("\n", eol) + text.slice(until);
  const after = parseConfig(changed, "");
  const wanted = new Map([...before.entries].map(([name, entry]) => [name, entry.value]));
  wanted.set(key, value);
  const isAsWanted =
    after.problems.length === 0 &&
    after.entries.size === wanted.size &&
    [...wanted].every(([name, wish]) => after.entries.get(name)?.value === wish);
  return isAsWanted ? changed : undefined;
}

/** In place of the old value; else at the end of its section; else with the section at the end of the file. */
function placeOf(text: string, root: Node | null, key: SettingKey, value: string): Edit {
  const [section = "", name = ""] = key.split(".");
  const sectionPair = isMap(root) ? pairOf(root, section) : undefined;
  if (!sectionPair) {
    const start = text === "" || text.endsWith("\n") ? "" : "\n";
    return insertion(text.length, `${start}${section}:\n  ${name}: ${value}\n`);
  }
  const map = sectionPair.value;
  const pair = isMap(map) ? pairOf(map, name) : undefined;
  if (pair) return replacement(pair, value);
  if (isMap(map) && map.flow) return insertion(startOf(map) + 1, ` ${name}: ${value},`);
  const [first] = isMap(map) ? map.items : [];
  const lastPair = (isMap(map) ? map.items.at(-1) : undefined) ?? sectionPair;
  const end = endOfLine(text, endOf(lastPair));
  const indent = first ? columnOf(text, startOf(first.key)) : "  ";
  const isLastLine = end === text.length && !text.endsWith("\n");
  return insertion(end, `${isLastLine ? "\n" : ""}${indent}${name}: ${value}\n`);
}

const insertion = (at: number, text: string): Edit => ({ at, until: at, text });

/** A key without a value has its place behind the colon. */
function replacement(pair: Pair, value: string): Edit {
  const range = isScalar(pair.value) ? pair.value.range : null;
  if (range && range[1] > range[0]) return { at: range[0], until: range[1], text: value };
  return insertion(endOf({ key: pair.key }) + 1, ` ${value}`);
}

const pairOf = (map: YAMLMap, name: string): Pair | undefined =>
  map.items.find(({ key }) => isScalar(key) && key.value === name);

// what the parser made has a place; only nodes made by hand have none
const startOf = (node: unknown): number => (node as Node).range?.[0] ?? 0;
const endOf = ({ key, value }: { key: unknown; value?: unknown }): number =>
  Math.max((key as Node).range?.[1] ?? 0, (value as Node | null | undefined)?.range?.[1] ?? 0);

/** Behind the next line break, or the end of the text. */
function endOfLine(text: string, at: number): number {
  const found = text.indexOf("\n", Math.max(0, at - 1));
  return found === -1 ? text.length : found + 1;
}

/** The spaces in front of what stands at `at`. */
function columnOf(text: string, at: number): string {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  return " ".repeat(at - lineStart);
}
