import { dirname, resolve } from "node:path";
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";
import type { SettingKey } from "#contract/settings.ts";
import { ruleOf, SETTING_KEYS } from "./catalogue.ts";
import { nearest } from "./nearest.ts";

/** Where in the file, counted from 1. */
export type Place = { line: number; column: number };
export type FileEntry = { value: string | number; at: Place };

export type ConfigText = {
  entries: Map<SettingKey, FileEntry>;
  /** One sentence each, which begins with file, line and column. Where there are any, the file is not used. */
  problems: string[];
  doc: Document.Parsed;
};

/** Settings that name files: relative ones are meant from where config.yaml lies. */
const PATHS: readonly SettingKey[] = ["storage.path", "media.mediamtx", "models.folder"];
const SECTIONS = [...new Set(SETTING_KEYS.map((key) => key.split(".")[0] ?? ""))];

/** Reads the text of a config.yaml. Never throws; `file` is how it is called in sentences. */
export function parseConfig(text: string, file: string): ConfigText {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const entries: ConfigText["entries"] = new Map();
  const problems: string[] = [];

  function placeOf(offset = 0): Place {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
  function complain(offset: number | undefined, sentence: string): void {
    problems.push(`${inFile(file, placeOf(offset))}${sentence}`);
  }

  function readSetting(key: SettingKey, node: Node | null): void {
    const rule = ruleOf(key);
    const value = isScalar(node) ? node.value : node;
    if (value === null) return; // an empty value counts as none
    const checked = rule.schema.safeParse(value);
    if (!checked.success) {
      complain(node?.range?.[0], `${key} must be ${rule.expected}, not ${found(node)}.`);
      return;
    }
    const isPath = PATHS.includes(key) && typeof checked.data === "string";
    const meant = isPath ? resolve(dirname(file), String(checked.data)) : checked.data;
    entries.set(key, { value: meant, at: placeOf(node?.range?.[0]) });
  }

  function readSection(section: string, node: Node | null): void {
    const names = SETTING_KEYS.filter((key) => key.startsWith(`${section}.`));
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      const inside = names.map((key) => key.slice(section.length + 1)).join(", ");
      complain(node?.range?.[0], `${section} must hold settings (${inside}), not ${found(node)}.`);
      return;
    }
    for (const pair of node.items) {
      const key = SETTING_KEYS.find((name) => name === `${section}.${nameOf(pair)}`);
      if (key) readSetting(key, nodeOf(pair, doc));
      else complain(startOf(pair), unknown(`${section}.${nameOf(pair)}`));
    }
  }

  const [broken] = [...doc.errors, ...doc.warnings];
  if (broken) {
    complain(broken.pos[0], `this is not YAML: ${plain(broken.message)}.`);
    return { entries, problems, doc };
  }
  const root = doc.contents;
  if (isMap(root)) {
    for (const pair of root.items) {
      if (SECTIONS.includes(nameOf(pair))) readSection(nameOf(pair), nodeOf(pair, doc));
      else complain(startOf(pair), unknown(nameOf(pair)));
    }
  } else if (!isEmpty(root)) {
    complain(root?.range?.[0], `the file must hold sections (${SECTIONS.join(", ")}), not ${found(root)}.`);
  }
  return { entries, problems, doc };
}

/** How a sentence about a place begins. */
export const inFile = (file: string, { line, column }: Place): string => `${file}:${line}:${column}: `;

const plain = (message: string): string => (message.split("\n")[0] ?? "").replace(/[.:\s]+$/, "");

const isEmpty = (node: Node | null): boolean => node === null || (isScalar(node) && node.value === null);

const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
// the parser makes nodes of keys and of values; a value that is not there is null
const startOf = ({ key }: Pair): number | undefined => (key as Node).range?.[0];
function nodeOf({ value }: Pair, doc: Document.Parsed): Node | null {
  const node = value as Node | null;
  return isAlias(node) ? (node.resolve(doc) ?? node) : node;
}

/** What stands there, for a person. */
function found(node: Node | null): string {
  if (isCollection(node)) return isMap(node) ? "a group of settings" : "a list";
  if (isAlias(node)) return `*${node.source}, which is nowhere`;
  const value = isScalar(node) ? node.value : null;
  if (typeof value !== "string") return String(value);
  const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return `the text ${JSON.stringify(short)}`;
}

function unknown(name: string): string {
  const lastPart = name.split(".").at(-1) ?? name;
  const elsewhere = SETTING_KEYS.find((key) => key.split(".")[1] === lastPart);
  const meant = elsewhere ?? nearest(name, [...SETTING_KEYS, ...SECTIONS]);
  const hint = meant ? `did you mean ${meant}?` : `"npm start -- --print-config" names them all.`;
  return `there is no setting ${JSON.stringify(name)}; ${hint}`;
}
