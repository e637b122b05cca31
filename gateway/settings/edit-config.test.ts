import { describe, expect, test } from "vitest";
import { parseConfig } from "./config-file.ts";
import { editConfig } from "./edit-config.ts";

const HAND_WRITTEN = `# The shop at the corner.

storage:
    path:   /srv/guarita     # the big disk
    evidenceDays: 30         # as the lawyer said

# Ana: keep it quiet
log: { level: warn }


delivery:
    # everyMs: 60000
`;

test("a value is changed in its place, and not a space besides", () => {
  expect(editConfig(HAND_WRITTEN, "storage.evidenceDays", 90)).toBe(HAND_WRITTEN.replace("30  ", "90  "));
  expect(editConfig(HAND_WRITTEN, "log.level", "debug")).toBe(HAND_WRITTEN.replace("warn", "debug"));
});

test("a setting that was not there comes last in its section", () => {
  expect(
    editConfig("storage:\n    path: /srv # here\nlog:\n  level: info\n", "storage.evidenceDays", 5),
  ).toBe("storage:\n    path: /srv # here\n    evidenceDays: 5\nlog:\n  level: info\n");
  expect(editConfig(HAND_WRITTEN, "delivery.everyMs", 5_000)).toBe(
    HAND_WRITTEN.replace("delivery:\n", "delivery:\n  everyMs: 5000\n"),
  );
});

test("a section that was not there comes last in the file", () => {
  expect(editConfig("", "log.level", "debug")).toBe("log:\n  level: debug\n");
  expect(editConfig("# only words", "log.level", "debug")).toBe("# only words\nlog:\n  level: debug\n");
});

describe("whatever a person may have written, the new value is read and no other is changed", () => {
  test.each([
    ["an empty value", "storage:\n  evidenceDays:\n  path: /srv\n"],
    ["an empty value with a comment", "storage:\n  evidenceDays:   # none\n  path: /srv\n"],
    ["an empty value said aloud", "storage:\n  evidenceDays: ~\n"],
    ["an empty section at the end of the file", "log:\n  level: info\nstorage:"],
    ["no line break at the end", "storage:\n  path: /srv"],
    ["a quoted text before", 'storage:\n  path: "/srv: a # b"\n'],
    ["a text over several lines before", "storage:\n  path: >-\n    /srv\n    /a\nlog:\n  level: info\n"],
    ["an empty group in braces", "storage: {}\n"],
    ["a group in braces", "storage: { path: /srv }\n"],
    ["a group in braces over lines", "storage: {\n  path: /srv,\n}\n"],
    ["line breaks of Windows", "storage:\r\n  path: /srv\r\nlog:\r\n  level: info\r\n"],
    ["a start of document", "---\nstorage:\n  path: /srv\n"],
    ["a comment without a line break at the end", "storage:\n  path: /srv # here"],
    ["tags and quoted keys", '"storage":\n  "path": !!str /srv\n  "evidenceDays": 0x1E\n'],
  ])("%s", (_name, text) => {
    const changed = editConfig(text, "storage.evidenceDays", 77);
    const entries = parseConfig(changed ?? "", "").entries;
    expect(entries.get("storage.evidenceDays")?.value).toBe(77);
    for (const [key, { value }] of parseConfig(text, "").entries) {
      if (key !== "storage.evidenceDays") expect(entries.get(key)?.value).toBe(value);
    }
    expect((changed ?? "").includes("\r\n")).toBe(text.includes("\r\n"));
    expect(changed?.replaceAll("\r\n", "").includes("\r") ?? true).toBe(false);
  });
});

test.each([
  [
    "one value that two settings share",
    "delivery:\n  everyMs: &a 300\n  batchEvents: *a\n",
    "delivery.everyMs",
  ],
  ["everything in braces", "{ log: { level: info } }\n", "storage.evidenceDays"],
  ["an end of document", "log:\n  level: info\n...\n", "storage.evidenceDays"],
  ["a file that is broken", "log: [\n", "log.level"],
] as const)("%s is left to a person", (_name, text, key) => {
  expect(editConfig(text, key, 77)).toBeUndefined();
});
