import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import { dateFormat } from "../../lib/formats.ts";

/** "Until 31 Dec 2026", in the chosen language. */
export function useValidityWords(): (plate: KnownPlate) => string {
  const { t, i18n } = useTranslation();
  const format = dateFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  const dayOf = (day: string) => format.format(Date.parse(day));
  return ({ validFrom, validUntil }) => {
    if (validFrom && validUntil)
      return t("plates.span", { from: dayOf(validFrom), until: dayOf(validUntil) });
    if (validFrom) return t("plates.from", { from: dayOf(validFrom) });
    return validUntil ? t("plates.until", { until: dayOf(validUntil) }) : t("plates.always");
  };
}
