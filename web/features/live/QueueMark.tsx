import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueDetectedPayload } from "#contract/payloads.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import classes from "./camera-tile.module.css";

type QueueMarkProps = { queue: QueueDetectedPayload; nowMs: number };

/** Says that a queue runs at this camera, and since when. */
export function QueueMark({ queue, nowMs }: QueueMarkProps) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const age = duration(nowMs - Date.parse(queue.started_at));
  return (
    <span
      className={classes.queue}
      role="img"
      aria-label={t("live.queueLabel", { age, people: t("live.people", { count: queue.max_length }) })}
    >
      <IconUsersGroup size={18} aria-hidden />
      {t("live.queue", { age })}
    </span>
  );
}
