import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readBoxes, readPlateLabels } from "./labels.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A user's folder with these files. */
function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "guarita-labels-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("boxes are read by their middle, and a picture without a label is empty", () => {
  const folder = folderWith({
    "images/a.jpg": "",
    "images/b.PNG": "",
    "labels/a.txt": "0 0.5 0.5 0.2 0.4\r\n\n2 0.1 0.1 0.2 0.2\n",
  });
  const [first, second] = readBoxes(folder);
  expect(first?.boxes.map(({ index }) => index)).toEqual([0, 2]);
  expect(first?.boxes[0]?.box).toEqual({ left: 0.4, top: 0.3, width: 0.2, height: 0.4 });
  expect(second).toEqual({ file: join(folder, "images", "b.PNG"), boxes: [] });
});

test.each([
  ["pixels", "0 320 240 100 200"],
  ["an outline", "0 0.1 0.1 0.2 0.1 0.2 0.2"],
  ["a name for a class", "person 0.5 0.5 0.2 0.2"],
])("%s in place of a box are told with file and line", (_what, line) => {
  const folder = folderWith({ "images/a.jpg": "", "labels/a.txt": `0 0.5 0.5 0.2 0.4\n${line}\n` });
  expect(() => readBoxes(folder)).toThrow(/a\.txt, line 2: ".*" is not class, middle x/);
});

test("a folder that is not there, has no pictures, or no label of any is told", () => {
  expect(() => readBoxes(join(tmpdir(), "guarita-not-there"))).toThrow("there is no folder");
  expect(() => readBoxes(folderWith({ "notes.txt": "" }))).toThrow("there are no pictures");
  expect(() => readBoxes(folderWith({ "a.jpg": "" }))).toThrow("no picture has a label");
});

test.each([",", ";"])(
  "plates are read from columns by %s, without hyphens, a lack of text as no plate",
  (by) => {
    const folder = folderWith({
      "a.jpg": "",
      "b.jpg": "",
      "labels.csv": `\uFEFFnote${by}file${by}text\nx${by}a.jpg${by}abc-1d23\ny${by}b.jpg${by}\n`,
    });
    expect(readPlateLabels(folder)).toEqual([
      { file: join(folder, "a.jpg"), text: "ABC1D23" },
      { file: join(folder, "b.jpg"), text: "" },
    ]);
  },
);

test("a list without the columns, with uneven lines, or of what is no picture is told", () => {
  expect(() => readPlateLabels(folderWith({ "a.jpg": "" }))).toThrow("there is no labels.csv");
  for (const list of ["picture,plate\na.jpg,ABC1D23\n", "file,text\na.jpg,ABC1D23,yes\n"]) {
    const folder = folderWith({ "a.jpg": "", "labels.csv": list });
    expect(() => readPlateLabels(folder)).toThrow("has not the columns file and text");
  }
  const named = folderWith({ "a.txt": "", "labels.csv": "file,text\na.txt,ABC1D23\ngone.jpg,ABC1D23\n" });
  expect(() => readPlateLabels(named)).toThrow(/is not there: .*a\.txt, .*gone\.jpg/);
});
