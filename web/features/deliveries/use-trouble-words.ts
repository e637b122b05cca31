import { useTranslation } from "react-i18next";
import { RECEIVER_SAYS, type SinkTrouble } from "#contract/sink-troubles.ts";
import { NAMES_FAULT, type ParkedCode } from "../../lib/parked-code.ts";

/** As it was told: `reason` is in English, and all there is of a code that is not known here. */
export type ToldTrouble = {
  reason: string;
  /** Of a destination. */
  trouble?: SinkTrouble | undefined;
  /** Of the gateway, for an event of this device. */
  refusal?: ParkedCode | undefined;
};
/** `detail` is the other side's or a system's own, in no language of this page. */
export type TroubleWords = { text: string; detail: string | null };

/** Why a destination, or the gateway, did not take something, as a person reads it; by the code. */
export function useTroubleWords(): (told: ToldTrouble) => TroubleWords {
  const { t } = useTranslation();
  return ({ trouble, refusal, reason }) => {
    if (refusal) {
      const detail = NAMES_FAULT.has(refusal)
        ? t("deliveries.troubleDetail.gateway", { text: reason })
        : null;
      return { text: t(`deliveries.refusal.${refusal}`), detail };
    }
    if (!trouble) return { text: reason, detail: null };
    const { code, detail: text } = trouble;
    const kind = RECEIVER_SAYS.has(code) ? "says" : "fact";
    const detail = text === undefined ? null : t(`deliveries.troubleDetail.${kind}`, { text });
    return { text: t(`deliveries.trouble.${code}`), detail };
  };
}
