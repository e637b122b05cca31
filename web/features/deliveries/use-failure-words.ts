import { useTranslation } from "react-i18next";
import { failureIn } from "../../lib/gateway-failure.ts";

/** Why this device's last try to reach the gateway failed, as a person reads it; a browser's own message as it is. */
export function useFailureWords(): (lastError: string) => string {
  const { t } = useTranslation();
  return (lastError) => {
    const failure = failureIn(lastError);
    if (!failure) return lastError;
    if (failure.kind === "answered") return t("deliveries.failure.answered", { answer: failure.answer });
    return t(`deliveries.failure.${failure.kind}`);
  };
}
