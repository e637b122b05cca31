import { z } from "zod";
import { ErrorCode } from "./errors.ts";
import { ModelEntry } from "./system.ts";

/** A larger file is refused. Models of 100 MB and more take seconds a picture in a browser. */
export const OWN_MODEL_LIMIT_BYTES = 128 * 1024 * 1024;

/** How a model did on test pictures, on a device of the shop. */
export const ModelCheck = z.discriminatedUnion("status", [
  z.object({ status: z.literal("unchecked") }),
  z.object({ status: z.literal("passed"), atMs: z.number() }),
  z.object({
    status: z.literal("failed"),
    atMs: z.number(),
    /**
     * `cannot_run`: onnxruntime refuses it. `wrong_shape`: it answers in another form than its file says.
     * `nonsense`: what it finds in a grey picture, or the numbers it gives, cannot be meant.
     */
    reason: z.enum(["cannot_run", "wrong_shape", "nonsense"]),
    /** For a technician. */
    detail: z.string().max(500),
  }),
]);
export type ModelCheck = z.infer<typeof ModelCheck>;

/** What is left to be said about a model that its file does not say. */
export const MissingFact = z.enum(["labels", "size", "licence"]);
export type MissingFact = z.infer<typeof MissingFact>;

/** What only a shop's own model has. It is run once nothing is missing and its check is passed. */
export const OwnModel = z.object({
  /** `folder`: it lies in a folder of models of this computer, where Guarita changes nothing. */
  origin: z.enum(["dropped", "folder"]),
  addedAtMs: z.number(),
  /** Rows of class scores in its answer; null where its file leaves that open. */
  classCount: z.int().positive().nullable(),
  /** Whether its file leaves height and width open. */
  freeSize: z.boolean(),
  missing: z.array(MissingFact),
  check: ModelCheck,
});
export type OwnModel = z.infer<typeof OwnModel>;

export const ListedModel = ModelEntry.extend({
  /** Null for a model of the manifest. While labels, size or licence are missing they are empty, 0 and empty. */
  own: OwnModel.nullable().default(null),
});
export type ListedModel = z.infer<typeof ListedModel>;

/** A file that lies in a folder of models and cannot be used. */
export const UnusableFile = z.object({ name: z.string(), code: ErrorCode, reason: z.string() });
export type UnusableFile = z.infer<typeof UnusableFile>;

/** `GET /api/models` */
export const ModelList = z.object({
  models: z.array(ListedModel),
  /** Those that find and read number plates. */
  plates: z.array(ModelEntry).default([]),
  unusable: z.array(UnusableFile).default([]),
  /** Id of the model a person chose; null: the first that is here and finds people. */
  chosen: z.string().nullable().default(null),
});
export type ModelList = z.infer<typeof ModelList>;

/** `PUT /api/models/chosen` */
export const ModelChoice = z.strictObject({ id: z.string().max(100).nullable() });
export type ModelChoice = z.infer<typeof ModelChoice>;

const label = z.string().trim().min(1).max(100);
const sidePx = z.int().min(32).max(4096).multipleOf(32);

/** `PATCH /api/models/{id}` of an own model; only what is given changes, and its check is due again. */
export const ModelChange = z.strictObject({
  title: z.string().trim().min(1).max(100).optional(),
  licence: z.string().trim().min(1).max(200).optional(),
  /** In the order of the model's class scores. */
  labels: z.array(label).min(1).max(5_000).optional(),
  /** Only where the file leaves its size open. */
  input: z.strictObject({ widthPx: sidePx, heightPx: sidePx }).optional(),
  minScore: z.number().min(0.01).max(0.99).optional(),
});
export type ModelChange = z.infer<typeof ModelChange>;

/** Whether a station may run it, once its file is here. */
export const isUsable = ({ own }: ListedModel): boolean =>
  own === null || (own.missing.length === 0 && own.check.status === "passed");
