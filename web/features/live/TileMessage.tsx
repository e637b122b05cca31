import { Loader } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import classes from "./camera-tile.module.css";
import type { TileView } from "./tile-view.ts";

type Trouble = Exclude<TileView, { status: "playing" }>;

/** What stands in place of a moving picture: what is wrong, and what a person can do. */
export function TileMessage({ view, nowMs }: { view: Trouble; nowMs: number }) {
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
  return <TroubleMessage view={view} nowMs={nowMs} />;
}

type TroubleProps = { view: Exclude<Trouble, { status: "connecting" }>; nowMs: number };

function TroubleMessage({ view, nowMs }: TroubleProps) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const { fault, lastPictureAtMs, triesAgain } = view;
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
        {fault === "unauthorized" && !triesAgain && t("live.waitsForPerson")}
      </p>
    </div>
  );
}
