import { useTranslation } from "react-i18next";
import type { PayloadFault } from "./payload-faults.ts";

/** More would fill the screen, and the first ones mended others are seen. */
const SHOWN_AT_ONCE = 5;

/** What is wrong with a payload, a line for each field. */
export function useFaultWords(): (faults: PayloadFault[]) => string {
  const { t } = useTranslation();
  return (faults) => {
    const lines = faults
      .slice(0, SHOWN_AT_ONCE)
      .map(({ kind, ...values }) => t(`deliveries.payloadFault.${kind}`, values));
    const others = faults.length - lines.length;
    if (others > 0) lines.push(t("deliveries.payloadFault.more", { count: others }));
    return lines.join("\n");
  };
}
