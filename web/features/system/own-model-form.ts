import type { ListedModel, ModelChange } from "#contract/models.ts";

export type OwnModelValues = {
  title: string;
  licence: string;
  /** One a line. */
  labels: string;
  widthPx: number;
  heightPx: number;
  minScorePercent: number;
};

/** The size most public models are trained at. */
const USUAL_SIDE_PX = 640;

export const formOf = ({ title, licence, labels, input, minScore }: ListedModel): OwnModelValues => ({
  title,
  licence,
  labels: labels.join("\n"),
  widthPx: input.widthPx || USUAL_SIDE_PX,
  heightPx: input.heightPx || USUAL_SIDE_PX,
  minScorePercent: Math.round(minScore * 100),
});

/** One a line, or all in one line between commas. */
export function labelsOf(text: string): string[] {
  const lines = text.trim().includes("\n") ? text.split("\n") : text.split(",");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** Only what is another now: what changes how the model is run must be checked again. */
export function changeOf(values: OwnModelValues, model: ListedModel): ModelChange {
  const before = formOf(model);
  const change: ModelChange = {};
  if (values.title !== before.title) change.title = values.title;
  if (values.licence !== before.licence) change.licence = values.licence;
  const labels = labelsOf(values.labels);
  if (labels.join("\n") !== model.labels.join("\n")) change.labels = labels;
  const { widthPx, heightPx } = values;
  const isOtherSize = widthPx !== model.input.widthPx || heightPx !== model.input.heightPx;
  if (model.own?.freeSize && isOtherSize) change.input = { widthPx, heightPx };
  if (values.minScorePercent !== before.minScorePercent) change.minScore = values.minScorePercent / 100;
  return change;
}
