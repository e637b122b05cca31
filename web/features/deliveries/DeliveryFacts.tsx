import { useTranslation } from "react-i18next";
import { useNow } from "../../hooks/use-now.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { type Fact, Facts } from "../../ui/Facts.tsx";

type DeliveryFactsProps = {
  /** Null when none waits. */
  oldestWaitingMs: number | null;
  /** Null while it cannot be told, or is of no interest. */
  ratePerS?: number | null;
  emptyInS?: number | null;
  /** Absent where nobody notes it. */
  lastSuccessAtMs?: number | null;
};

/** How fast a hop is; only what says something. */
export function DeliveryFacts(props: DeliveryFactsProps) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const number = useNumberWords();
  const nowMs = useNow();
  const { oldestWaitingMs, ratePerS = null, emptyInS = null, lastSuccessAtMs } = props;
  const facts: Fact[] = [];
  if (oldestWaitingMs !== null)
    facts.push({ name: t("deliveries.fact.oldest"), value: duration(oldestWaitingMs) });
  if (ratePerS !== null && ratePerS > 0) {
    const value =
      ratePerS >= 1
        ? t("deliveries.fact.perSecond", { rate: number(ratePerS) })
        : t("deliveries.fact.perMinute", { rate: number(ratePerS * 60) });
    facts.push({ name: t("deliveries.fact.rate"), value });
  }
  if (emptyInS !== null && oldestWaitingMs !== null)
    facts.push({ name: t("deliveries.fact.emptyIn"), value: duration(emptyInS * 1_000) });
  if (lastSuccessAtMs !== undefined) {
    const value =
      lastSuccessAtMs === null
        ? t("deliveries.fact.never")
        : t("deliveries.fact.ago", { age: duration(nowMs - lastSuccessAtMs) });
    facts.push({ name: t("deliveries.fact.lastSuccess"), value });
  }
  return <Facts facts={facts} />;
}
