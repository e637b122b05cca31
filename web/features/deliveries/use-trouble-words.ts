import { useTranslation } from "react-i18next";
import { RECEIVER_SAYS, type SinkTrouble } from "#contract/sink-troubles.ts";

/** As the gateway tells it: `reason` is in English, and all there is of what is older than the codes. */
export type ToldTrouble = { trouble?: SinkTrouble | undefined; reason: string };
/** `detail` is a receiver's or a system's own, in no language of this page. */
export type TroubleWords = { text: string; detail: string | null };

/** Why a destination did not take something, as a person reads it; by the code. */
export function useTroubleWords(): (told: ToldTrouble) => TroubleWords {
  const { t } = useTranslation();
  return ({ trouble, reason }) => {
    if (!trouble) return { text: reason, detail: null };
    const { code, detail: text } = trouble;
    const kind = RECEIVER_SAYS.has(code) ? "says" : "fact";
    const detail = text === undefined ? null : t(`deliveries.troubleDetail.${kind}`, { text });
    return { text: t(`deliveries.trouble.${code}`), detail };
  };
}
