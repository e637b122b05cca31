import type { KnownPlate, PlateList } from "#contract/plates.ts";

export type PlateFilter = { list: PlateList | "all"; text: string };

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those of the list whose plate or note holds the text, however it is written. */
export function filtered(plates: KnownPlate[], { list, text }: PlateFilter): KnownPlate[] {
  const words = plain(text).trim();
  const letters = words.replace(/[^a-z\d]/g, "");
  return plates.filter(
    (known) =>
      (list === "all" || known.list === list) &&
      (words === "" ||
        plain(known.note).includes(words) ||
        (letters !== "" && known.plate.toLowerCase().includes(letters))),
  );
}

/** Whether a plate counts on `day`, `YYYY-MM-DD`. */
export function standingOn(day: string, { validFrom, validUntil }: KnownPlate): "valid" | "over" | "future" {
  if (validUntil !== null && validUntil < day) return "over";
  return validFrom !== null && validFrom > day ? "future" : "valid";
}
