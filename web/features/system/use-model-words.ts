import { useTranslation } from "react-i18next";
import type { OwnModel } from "#contract/models.ts";
import type { KnownModel } from "../../hooks/use-models.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";

const FAMILIES: Record<KnownModel["family"], string> = {
  yolox: "YOLOX",
  nanodet: "NanoDet",
  yolov8: "YOLOv8/11",
  "end-to-end": "YOLO end-to-end",
  "lpd-yunet": "YuNet",
  cct: "CCT",
};

/** What a model is, and how its check went, as a person reads it. */
export function useModelWords() {
  const { t } = useTranslation();
  const time = useTimeWords();
  return {
    facts({ family, input, labels, licence, demonstration }: KnownModel): string {
      return [
        FAMILIES[family],
        input.widthPx > 0 && `${input.widthPx}x${input.heightPx}`,
        labels.length > 0 && t("system.models.classes", { count: labels.length }),
        licence && t("system.models.licence", { licence }),
        demonstration && t("system.models.demonstration"),
      ]
        .filter(Boolean)
        .join(" · ");
    },
    check({ missing, check }: OwnModel): string {
      if (missing.length > 0) {
        const facts = missing.map((fact) => t(`system.models.own.fact.${fact}`)).join(", ");
        return t("system.models.own.missing", { facts });
      }
      if (check.status === "unchecked") return t("system.models.own.uncheckedText");
      const at = time.moment(check.atMs, Date.now());
      if (check.status === "passed") return t("system.models.own.passedText", { at });
      const { reason, detail } = check;
      return t("system.models.own.failedText", {
        at,
        reason: t(`system.models.own.reason.${reason}`),
        detail,
      });
    },
  };
}
