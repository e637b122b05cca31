import { Button, Loader } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import classes from "./camera-tile.module.css";
import type { TileView } from "./tile-view.ts";

type Trouble = Exclude<TileView, { status: "playing" }>;

type TileMessageProps = {
  view: Trouble;
  nowMs: number;
  /** Offered where nothing is tried again by itself. */
  onRetry: () => void;
};

/** What stands in place of a moving picture: what is wrong, and what a person can do. */
export function TileMessage({ view, nowMs, onRetry }: TileMessageProps) {
  const { t } = useTranslation();
  if (view.status === "connecting") {
    const words = view.transport
      ? t("live.connectingBy", { transport: t(`transport.${view.transport}`) })
      : t("live.connecting");
    return (
      <div className={classes.message}>
        <Loader size={28} color="white" aria-hidden />
        <p className={classes.hint}>{words}</p>
      </div>
    );
  }
  return <TroubleMessage view={view} nowMs={nowMs} onRetry={onRetry} />;
}

type TroubleProps = TileMessageProps & { view: Exclude<Trouble, { status: "connecting" }> };

function TroubleMessage({ view, nowMs, onRetry }: TroubleProps) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const { fault, lastPictureAtMs, triesAgain } = view;
  const waitsForPerson = fault === "unauthorized" && !triesAgain;
  const IconOf = view.status === "stalled" ? IconPlayerPause : IconAlertTriangle;
  return (
    <div className={classes.message} role="alert">
      <IconOf size={30} aria-hidden />
      <p className={classes.title}>{fault ? t(`fault.${fault}.title`) : t("live.stalled")}</p>
      {lastPictureAtMs !== null && (
        <p className={classes.age}>{t("live.age", { age: duration(nowMs - lastPictureAtMs) })}</p>
      )}
      <p className={classes.hint}>
        {fault && `${t(`fault.${fault}.hint`)} `}
        {fault !== "network" && triesAgain && t("live.retries")}
        {waitsForPerson && t("live.waitsForPerson")}
      </p>
      {waitsForPerson && (
        <Button variant="white" color="dark" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}
