import { useTranslation } from "react-i18next";
import { numberFormat } from "../lib/formats.ts";

/** Numbers in the chosen language, with at most one digit after the comma, or so many. */
export function useNumberWords(digits = 1): (value: number) => string {
  const { i18n } = useTranslation();
  const format = numberFormat(i18n.language, { maximumFractionDigits: digits });
  return (value) => format.format(value);
}
