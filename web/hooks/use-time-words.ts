import { useTranslation } from "react-i18next";
import { dateFormat } from "../lib/formats.ts";

/** Times as a person reads them, in the chosen language. */
export function useTimeWords() {
  const { t, i18n } = useTranslation();
  const clock = dateFormat(i18n.language, { timeStyle: "medium" });
  const dayAndClock = dateFormat(i18n.language, { dateStyle: "short", timeStyle: "medium" });
  const exact = dateFormat(i18n.language, { dateStyle: "full", timeStyle: "long" });

  return {
    /** The largest unit alone: "8 s", "3 min". */
    duration(durationMs: number): string {
      const seconds = Math.max(0, Math.round(durationMs / 1_000));
      if (seconds < 60) return t("time.seconds", { value: seconds });
      if (seconds < 3_600) return t("time.minutes", { value: Math.floor(seconds / 60) });
      if (seconds < 86_400) return t("time.hours", { value: Math.floor(seconds / 3_600) });
      return t("time.days", { value: Math.floor(seconds / 86_400) });
    },
    /** The clock alone where it was today. */
    moment(atMs: number, nowMs: number): string {
      const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
      return (isToday ? clock : dayAndClock).format(atMs);
    },
    exactly: (atMs: number) => exact.format(atMs),
  };
}
