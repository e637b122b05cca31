import { useTranslation } from "react-i18next";
import { CameraHealthReason, type CameraHealthStatus } from "#contract/camera-health.ts";

/** How a camera is, as a person reads it. */
export function useHealthWords() {
  const { t } = useTranslation();

  /** Why it is so; undefined for a reason of a newer gateway, which this page does not know. */
  function why(reason: string | undefined): string | undefined {
    const known = CameraHealthReason.safeParse(reason).data;
    if (known === undefined) return undefined;
    if (known === "packet_loss" || known === "low_frame_rate") return t(`cameraState.reason.${known}`);
    return t(`fault.${known}.title`);
  }

  /** "Offline · The camera does not answer"; the status alone where it says all. */
  function sentence(status: CameraHealthStatus | "connecting", reason: string | undefined): string {
    const word = t(`cameraState.${status}`);
    const because = status === "offline" || status === "degraded" ? why(reason) : undefined;
    return because === undefined ? word : t("cameraState.because", { status: word, reason: because });
  }

  return { sentence };
}
