import { useTranslation } from "react-i18next";
import { ApiError } from "../api/api-error.ts";

/** Why a call failed, as a person reads it; by the code, never by the text. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("problem.other", { code: "page", message: String(error) });
    const { code, message } = error;
    switch (code) {
      case "unreachable":
      case "not_found":
      case "storage_unavailable":
        return t(`problem.${code}`);
      case "invalid_body":
      case "conflict":
        return t(`problem.${code}`, { message });
      case "model_broken":
      case "model_input":
      case "model_head":
      case "model_labels":
        return t("modelProblem.withDetail", { problem: t(`modelProblem.${code}`), message });
      default:
        return t("problem.other", { code, message });
    }
  };
}
