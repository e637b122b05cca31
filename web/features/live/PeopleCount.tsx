import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./camera-tile.module.css";

/** How many people are in the picture. A status, but a quiet one: read out at every change it would never stop. */
export function PeopleCount({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <div
      className={classes.people}
      role="status"
      aria-live="off"
      aria-label={t("live.people", { count })}
      data-testid="people"
      data-nobody={count === 0 || undefined}
    >
      <IconUsers aria-hidden />
      <span>{count}</span>
    </div>
  );
}
