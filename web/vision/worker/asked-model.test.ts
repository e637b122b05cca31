import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { WatchedCamera } from "../station.protocol.ts";
import { askedModel, asksTheSame } from "./asked-model.ts";
import { aModel } from "./examples.memory.ts";
import { zonesOf } from "./rules/scene.memory.ts";

const model = aModel({ labels: ["person", "car", "dog", "knife"], minScore: 0.35 });
const camera = (drawn: Parameters<typeof zonesOf>[0] | null, analysed = true): WatchedCamera => ({
  id: anId(),
  analysed,
  queueThreshold: 3,
  zones: drawn && zonesOf(drawn),
  lease: null,
});
const forbids = (...labels: string[]) => ({ rules: [{ kind: "forbidden_object" as const, labels }] });

test("without rules that ask for more the model is used as it is", () => {
  expect(askedModel(model, [camera(null), camera({}), camera(forbids("car", "unicorn"))])).toEqual(model);
});

test("what any camera forbids is looked for, in the model's order, so that the same cameras ask the same", () => {
  const asked = askedModel(model, [camera(forbids("knife")), camera(forbids("dog", "knife"))]);
  expect(asked.askedLabels).toEqual(["dog", "knife"]);
  expect(asksTheSame(asked, askedModel(model, [camera(forbids("dog")), camera(forbids("knife"))]))).toBe(
    true,
  );
  expect(asksTheSame(asked, model)).toBe(false);
});

test("the lowest of the cameras' least scores counts; a higher one, or a camera not analysed, changes nothing", () => {
  const low = { minScores: { person: 0.2 } };
  expect(askedModel(model, [camera(low), camera({ minScores: { car: 0.8 } })]).minScore).toBe(0.2);
  expect(askedModel(model, [camera(low, false), camera({ minScores: { car: 0.8 } })])).toEqual(model);
});
