import { useTranslation } from "react-i18next";

/** Numbers in the chosen language, with at most one digit after the comma. */
export function useNumberWords(): (value: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (value) => format.format(value);
}
