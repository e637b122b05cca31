import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueDetectedPayload } from "#contract/payloads.ts";
import { useClock } from "../../../hooks/use-now.ts";
import { useTimeWords } from "../../../hooks/use-time-words.ts";
import classes from "./alarm.module.css";

/** Says that a queue runs at this camera, and since when. */
export function QueueMark({ queue }: { queue: QueueDetectedPayload }) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const age = useClock((nowMs) => duration(nowMs - Date.parse(queue.started_at)));
  const people = t("live.people", { count: queue.max_length });
  return (
    <span className={classes.mark} role="img" aria-label={t("live.queueLabel", { age, people })}>
      <IconUsersGroup aria-hidden />
      {t("live.queue", { age })}
    </span>
  );
}
