import { expect, test } from "vitest";
import { parseConfig } from "./config-file.ts";

const problemsOf = (text: string) => parseConfig(text, "config.yaml").problems;
const valuesOf = (text: string) =>
  Object.fromEntries(
    [...parseConfig(text, "/srv/config.yaml").entries].map(([key, { value }]) => [key, value]),
  );

test.each([
  ["server:\n  port: 70000\n", "2:9", "server.port must be a whole number from 0 to 65535, not 70000."],
  ["server: { port: 80.5 }\n", "1:17", "server.port must be a whole number from 0 to 65535, not 80.5."],
  [
    'server:\n  port: "80"\n',
    "2:9",
    'server.port must be a whole number from 0 to 65535, not the text "80".',
  ],
  ["server:\n  port: .inf\n", "2:9", "server.port must be a whole number from 0 to 65535, not Infinity."],
  ["server:\n  port: [80]\n", "2:9", "server.port must be a whole number from 0 to 65535, not a list."],
  [
    "server:\n  port:\n    a: 1\n",
    "3:5",
    "server.port must be a whole number from 0 to 65535, not a group of settings.",
  ],
  [
    "log:\n  level: loud\n",
    "2:10",
    'log.level must be one of fatal, error, warn, info, debug, trace and silent, not the text "loud".',
  ],
  [
    "log:\n  level: true\n",
    "2:10",
    "log.level must be one of fatal, error, warn, info, debug, trace and silent, not true.",
  ],
  ["server:\n  prot: 80\n", "2:3", 'there is no setting "server.prot"; did you mean server.port?'],
  ["storage:\n  level: info\n", "2:3", 'there is no setting "storage.level"; did you mean log.level?'],
  ["evidenceDays: 30\n", "1:1", 'there is no setting "evidenceDays"; did you mean storage.evidenceDays?'],
  ["Delivry:\n  everyMs: 1\n", "1:1", 'there is no setting "Delivry"; did you mean delivery?'],
  ["x: 1\n", "1:1", 'there is no setting "x"; "npm start -- --print-config" names them all.'],
  ["log: *nobody\n", "1:6", "log must hold settings (level), not *nobody, which is nowhere."],
  ["log: 5\n", "1:6", "log must hold settings (level), not 5."],
  [
    "- a\n",
    "1:1",
    "the file must hold sections (server, storage, media, models, log, delivery), not a list.",
  ],
  [
    "hello\n",
    "1:1",
    'the file must hold sections (server, storage, media, models, log, delivery), not the text "hello".',
  ],
])("%j", (text, place, sentence) => {
  expect(problemsOf(text)).toEqual([`config.yaml:${place}: ${sentence}`]);
});

test.each([
  ["log: [1\n"],
  ["log:\n  level: info\n  level: warn\n"],
  ["a: 1\n---\nb: 2\n"],
  ["log:\n\tlevel: info\n"],
  ["log:\n  level: !mine info\n"],
  ['"\nhello'],
])("what is no YAML is said in one sentence with its place: %j", (text) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^config\.yaml:\d+:\d+: this is not YAML: [^\n]+[^.]\.$/);
});

test.each([[""], ["# nothing\n"], ["---\n"], ["storage:\nlog: ~\n"], ["log:\n  level:\n"]])(
  "nothing set is nothing wrong: %j",
  (text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(valuesOf(text)).toEqual({});
  },
);

test("values may be shared, and written in any of YAML's ways", () => {
  const text =
    "\uFEFFdelivery:\r\n  everyMs: &ms 5e3\r\n  breakerOpenMs: *ms\r\n\"log\": {level: 'debug'}\r\n";
  expect(problemsOf(text)).toEqual([]);
  expect(valuesOf(text)).toEqual({
    "delivery.everyMs": 5_000,
    "delivery.breakerOpenMs": 5_000,
    "log.level": "debug",
  });
});

test("a folder is meant from where the file lies", () => {
  expect(valuesOf("models:\n  folder: models\n")).toEqual({ "models.folder": "/srv/models" });
});
