import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./camera-tile.module.css";

/** Says that a queue runs at this camera. */
export function QueueMark({ length }: { length: number }) {
  const { t } = useTranslation();
  return (
    <span
      className={classes.queue}
      role="img"
      aria-label={t("live.queueLabel", { people: t("live.people", { count: length }) })}
    >
      <IconUsersGroup size={18} aria-hidden />
      {t("live.queue", { count: length })}
    </span>
  );
}
