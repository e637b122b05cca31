import { useTranslation } from "react-i18next";
import { type RuleValues, WHOLE, type ZoneValues } from "./zones-form.ts";

/** Rules as a person reads them. */
export function useRuleWords() {
  const { t, i18n } = useTranslation();

  /** Class names of models are English; the usual ones have words. */
  function objectName(label: string): string {
    const word = label.replaceAll(" ", "_");
    const key = `zones.object.${word}`;
    return i18n.exists(key) ? t(key as "zones.object.car" /* one of them exists */) : label;
  }

  function place(zoneId: string, zones: ZoneValues[]): string {
    if (zoneId === WHOLE) return t("zones.rule.whole");
    return zones.find(({ id }) => id === zoneId)?.name ?? t("zones.rule.nowhere");
  }

  /** In one line: what, for how long, where. */
  function summary(rule: RuleValues, zones: ZoneValues[]): string {
    const where = place(rule.zoneId, zones);
    switch (rule.kind) {
      case "queue":
        return t("zones.rule.summary.queue", { people: rule.threshold, seconds: rule.startAfterS, where });
      case "missing_person":
        return t("zones.rule.summary.missing_person", { people: rule.atLeast, seconds: rule.afterS, where });
      case "forbidden_object": {
        const objects = rule.labels.map(objectName).join(", ");
        return t("zones.rule.summary.forbidden_object", { objects, seconds: rule.afterS, where });
      }
      case "idle":
      case "restricted_area":
        return t(`zones.rule.summary.${rule.kind}`, { seconds: rule.afterS, where });
      case "plate_read":
      case "plate_listed":
      case "plate_unlisted":
        return where;
    }
  }

  return { objectName, summary };
}
