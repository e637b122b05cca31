import { useTranslation } from "react-i18next";
import { RECEIVER_SAYS, type SinkTrouble } from "#contract/sink-troubles.ts";
import { NAMES_FAULT, type ParkedCode } from "../../lib/parked-code.ts";
import type { PayloadFault } from "./payload-faults.ts";
import { useFaultWords } from "./use-fault-words.ts";

/** As it was told: `reason` is in English, and all there is of a code that is not known here. */
export type ToldTrouble = {
  reason: string;
  /** Of a destination. */
  trouble?: SinkTrouble | undefined;
  /** Of the gateway, for an event of this device. */
  refusal?: ParkedCode | undefined;
  /** What this page sees for itself to be wrong with the payload. */
  faults?: PayloadFault[];
};
/** `detail` may have lines; the other side's or a system's own is in no language of this page. */
export type TroubleWords = { text: string; detail: string | null };

/** Why a destination, or the gateway, did not take something, as a person reads it; by the code. */
export function useTroubleWords(): (told: ToldTrouble) => TroubleWords {
  const { t } = useTranslation();
  const wordsOf = useFaultWords();

  function detailOf(refusal: ParkedCode, { reason, faults = [] }: ToldTrouble): string | null {
    if (faults.length > 0) return wordsOf(faults);
    return NAMES_FAULT.has(refusal) ? t("deliveries.troubleDetail.gateway", { text: reason }) : null;
  }

  return (told) => {
    const { trouble, refusal, reason } = told;
    if (refusal) return { text: t(`deliveries.refusal.${refusal}`), detail: detailOf(refusal, told) };
    if (!trouble) return { text: reason, detail: null };
    const { code, detail: text } = trouble;
    const kind = RECEIVER_SAYS.has(code) ? "says" : "fact";
    const detail = text === undefined ? null : t(`deliveries.troubleDetail.${kind}`, { text });
    return { text: t(`deliveries.trouble.${code}`), detail };
  };
}
