import { expect, test } from "vitest";
import { ListedModel } from "#contract/models.ts";
import { changeOf, formOf, labelsOf } from "./own-model-form.ts";

const model = ListedModel.parse({
  id: "own-0123456789abcdef",
  file: "own-0123456789abcdef.onnx",
  task: "objects",
  family: "yolov8",
  title: "tills",
  licence: "",
  addresses: [],
  sha256: [],
  sizeBytes: 1,
  input: { name: "images", widthPx: 0, heightPx: 0 },
  outputs: ["output0"],
  labels: [],
  minScore: 0.25,
  accuracy: "",
  own: {
    origin: "dropped",
    addedAtMs: 1,
    classCount: 2,
    freeSize: true,
    missing: ["labels", "size", "licence"],
    check: { status: "unchecked" },
  },
});

test("what a person leaves as it is, is not sent: it would make a check due", () => {
  const described = {
    ...model,
    licence: "ours",
    labels: ["a", "b"],
    input: { ...model.input, widthPx: 640, heightPx: 640 },
  };
  expect(changeOf(formOf(described), described)).toEqual({});
  expect(changeOf({ ...formOf(described), licence: "MIT" }, described)).toEqual({ licence: "MIT" });
});

test("a size that is missing is sent also when the one that is proposed is right", () => {
  const values = { ...formOf(model), labels: "person, cart", licence: "ours", minScorePercent: 40 };
  expect(changeOf(values, model)).toEqual({
    licence: "ours",
    labels: ["person", "cart"],
    input: { widthPx: 640, heightPx: 640 },
    minScore: 0.4,
  });
});

test("names may stand one a line, where they may hold commas, or in one line", () => {
  expect(labelsOf(" person \n\n cart, empty\n")).toEqual(["person", "cart, empty"]);
  expect(labelsOf("person, cart,")).toEqual(["person", "cart"]);
});
