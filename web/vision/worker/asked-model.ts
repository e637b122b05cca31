import type { ModelEntry } from "#contract/system.ts";
import type { WatchedCamera } from "../station.protocol.ts";
import { wantedClasses } from "./objects.ts";

/** A model to be run so that it also finds what the cameras' rules ask for. */
export type AskedModel = ModelEntry & { askedLabels?: string[] };

/** What a model finds without being asked for more. */
export type UsualFinds = { labels: ReadonlySet<string>; minScore: number };

export const usualFinds = ({ labels, minScore }: ModelEntry): UsualFinds => ({
  labels: new Set(wantedClasses(labels).map(({ label }) => label)),
  minScore,
});

/**
 * The model as these cameras need it: with the classes beyond people and vehicles that a rule forbids, and as low a
 * least score as any camera sets. What of it is no business of a camera is left out when its pictures are looked at.
 */
export function askedModel(entry: ModelEntry, cameras: WatchedCamera[]): AskedModel {
  const drawn = cameras.flatMap(({ analysed, zones }) => (analysed && zones ? [zones] : []));
  const usual = usualFinds(entry);
  const forbidden = drawn.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.isEnabled && rule.kind === "forbidden_object" ? rule.labels : [])),
  );
  const askedLabels = entry.labels.filter((label) => forbidden.includes(label) && !usual.labels.has(label));
  const minScore = Math.min(entry.minScore, ...drawn.flatMap(({ minScores }) => Object.values(minScores)));
  return { ...entry, minScore, ...(askedLabels.length > 0 && { askedLabels }) };
}

/** Whether a running model must be opened anew to find what is asked for now. */
export const asksTheSame = (a: AskedModel, b: AskedModel): boolean =>
  a.minScore === b.minScore && a.askedLabels?.join() === b.askedLabels?.join();
