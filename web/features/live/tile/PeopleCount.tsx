import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./camera-tile.module.css";
import { useFreshResult } from "./use-fresh-result.ts";

/** A result older than this says nothing about now: key frames may be 10 s apart, and then it missed two. */
const VALID_MS = 25_000;

/** How many people the station sees at a camera now; nothing where it did not look. */
export function CameraPeople({ cameraId }: { cameraId: string }) {
  const result = useFreshResult(cameraId, VALID_MS);
  return result && <PeopleCount count={result.people} />;
}

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
