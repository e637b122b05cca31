import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import { useNow } from "../../hooks/use-now.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import type { Tone } from "../../ui/StatusDot.tsx";

/** How a sink does, as a person reads it. */
export type SinkWords = { tone: Tone; text: string };

export function useSinkWords(): (sink: Sink) => SinkWords {
  const { t } = useTranslation();
  const { duration, moment } = useTimeWords();
  const nowMs = useNow();
  return ({ state, ledger }) => {
    switch (state.status) {
      case "working":
        if (state.reason !== undefined) return { tone: "warn", text: t("deliveries.state.someWait") };
        return ledger.waiting > 0
          ? { tone: "busy", text: t("deliveries.state.sending") }
          : { tone: "good", text: t("deliveries.state.idle") };
      case "paused":
      case "disabled":
        return { tone: "quiet", text: t(`deliveries.state.${state.status}`) };
      case "retrying":
      case "open": {
        const { untilMs, failures } = state;
        const text = t(`deliveries.state.${state.status}`, {
          at: moment(untilMs, nowMs),
          wait: duration(untilMs - nowMs),
          count: failures,
        });
        return { tone: state.status === "open" ? "bad" : "warn", text };
      }
    }
  };
}
