import { useTranslation } from "react-i18next";
import type { PayloadFault } from "./payload-faults.ts";

/** More would fill the screen; with the first ones mended the others are seen. */
const MAX_LINES = 6;

/** What is wrong with a payload, a line for each field. */
export function useFaultWords(): (faults: PayloadFault[]) => string {
  const { t } = useTranslation();
  return (faults) => {
    const shown = faults.length > MAX_LINES ? faults.slice(0, MAX_LINES - 1) : faults;
    const lines = shown.map(({ kind, ...values }) => t(`deliveries.payloadFault.${kind}`, values));
    const others = faults.length - shown.length;
    if (others > 0) lines.push(t("deliveries.payloadFault.more", { others }));
    return lines.join("\n");
  };
}
