import { z } from "zod";

/** `allowed`: may come in. `watched`: somebody wants to know when it comes. */
export const PlateList = z.enum(["allowed", "watched"]);
export type PlateList = z.infer<typeof PlateList>;

/** Three letters and four digits, or Mercosul's layout with a letter in the fifth place. */
const LAYOUT = /^[A-Z]{3}\d[A-Z\d]\d{2}$/;

/** As people write it: `abc-1d23` is `ABC1D23`. */
export const Plate = z
  .string()
  .max(20)
  .transform((text) => text.replace(/[\s.\-·]/g, "").toUpperCase())
  .pipe(z.string().regex(LAYOUT, "not a plate of Brazil (ABC1234 or ABC1D23)"));

/** A day at the shop, `YYYY-MM-DD`. */
const day = z.iso.date();

const fields = {
  plate: Plate,
  list: PlateList,
  /** Whose it is, or why it is watched. */
  note: z.string().trim().max(200).default(""),
  /** First and last day on which it counts; null is without a bound. */
  validFrom: day.nullable().default(null),
  validUntil: day.nullable().default(null),
};

const isInOrder = (plate: { validFrom: string | null; validUntil: string | null }) =>
  plate.validFrom === null || plate.validUntil === null || plate.validFrom <= plate.validUntil;

/** A plate as a person enters it; also what replaces one (PUT). Each plate stands on one list, once. */
export const PlateInput = z
  .strictObject(fields)
  .refine(isInOrder, { path: ["validUntil"], message: "is before the first day" });
export type PlateInput = z.input<typeof PlateInput>;

export const KnownPlate = z.object({
  id: z.uuid(),
  plate: z.string().regex(LAYOUT),
  list: PlateList,
  note: z.string(),
  validFrom: day.nullable(),
  validUntil: day.nullable(),
});
export type KnownPlate = z.infer<typeof KnownPlate>;

/** `GET /api/plates`, by plate. */
export const KnownPlates = z.object({ plates: z.array(KnownPlate) });
export type KnownPlates = z.infer<typeof KnownPlates>;

/** Why a line of a file was not taken in. */
export const PlateLineProblem = z.enum([
  "no_plate_column",
  "no_rows",
  "unreadable",
  "bad_plate",
  "bad_list",
  "bad_day",
  "days_swapped",
  "long_note",
  "repeated",
  "too_many",
]);
export type PlateLineProblem = z.infer<typeof PlateLineProblem>;

/** What became of a file (POST, text/csv). Lines with a problem are left out, all others are taken in. */
export const PlateImport = z.object({
  added: z.int(),
  changed: z.int(),
  /** Were there already, just so. */
  unchanged: z.int(),
  /** By line of the file, the first being 1. */
  problems: z.array(z.object({ line: z.int(), problem: PlateLineProblem, text: z.string() })),
});
export type PlateImport = z.infer<typeof PlateImport>;

/** `POST /api/plates/csv`: the list of lines that name none. */
export const PlateImportQuery = z.object({ list: PlateList.default("allowed") });

/** `GET /api/plates/csv`: what separates columns. A spreadsheet set to Portuguese opens only semicolons as columns. */
export const PlateExportQuery = z.object({ separator: z.enum(["comma", "semicolon"]).default("comma") });
