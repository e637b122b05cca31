import { type KnownPlate, PlateInput, type PlateList } from "#contract/plates.ts";

/** What the form holds; an empty day is no bound. */
export type PlateFormValues = {
  plate: string;
  list: PlateList;
  note: string;
  validFrom: string;
  validUntil: string;
};

export const emptyForm = (): PlateFormValues => ({
  plate: "",
  list: "allowed",
  note: "",
  validFrom: "",
  validUntil: "",
});

export const formOf = ({ plate, list, note, validFrom, validUntil }: KnownPlate): PlateFormValues => ({
  plate,
  list,
  note,
  validFrom: validFrom ?? "",
  validUntil: validUntil ?? "",
});

export const inputOf = (values: PlateFormValues): PlateInput => ({
  ...values,
  validFrom: values.validFrom || null,
  validUntil: values.validUntil || null,
});

/** What is wrong with the form, as the last part of a text's key; by the contract's own schema. */
export function problemsOf(
  values: PlateFormValues,
): Partial<Record<keyof PlateFormValues, "plate" | "days" | "note">> {
  const { success, error } = PlateInput.safeParse(inputOf(values));
  if (success) return {};
  const fields = new Set(error.issues.map(({ path }) => path[0]));
  return {
    ...(fields.has("plate") && { plate: "plate" }),
    ...(fields.has("note") && { note: "note" }),
    ...(fields.has("validUntil") && { validUntil: "days" }),
  };
}
