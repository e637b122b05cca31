import { IconCloudCheck, IconCloudOff, IconCloudUp, IconEye, IconEyeOff } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useGatewayLink } from "../hooks/use-health.ts";
import { useNumberWords } from "../hooks/use-number-words.ts";
import { type StationStatus, useStation } from "../hooks/use-station.ts";
import { type SyncStatus, useSync } from "../hooks/use-sync.ts";
import { StatusDot, type Tone } from "../ui/StatusDot.tsx";
import classes from "./status-pills.module.css";

/** Two small links: is anybody looking, and is everything sent. */
export function StatusPills() {
  const { t } = useTranslation();
  const number = useNumberWords();
  const station = useStation();
  const { sync } = useSync();
  const isOnline = useGatewayLink() === "here";

  const stationWords = stationState(station, t, number);
  const syncWords = syncState(sync, isOnline, t);
  const IconOfStation = station.status === "failed" || station.status === "stopped" ? IconEyeOff : IconEye;
  const IconOfSync = !isOnline ? IconCloudOff : sync.ledger.waiting > 0 ? IconCloudUp : IconCloudCheck;
  return (
    <>
      <Link
        to="/system"
        className={classes.pill}
        aria-label={t("pill.stationLabel", { state: stationWords })}
      >
        <IconOfStation size={18} aria-hidden />
        <StatusDot tone={stationTone(station)} />
        <span className={classes.words}>{stationWords}</span>
      </Link>
      <Link to="/deliveries" className={classes.pill} aria-label={t("pill.syncLabel", { state: syncWords })}>
        <IconOfSync size={18} aria-hidden />
        <StatusDot tone={syncTone(sync, isOnline)} />
        <span className={classes.words}>{syncWords}</span>
        {sync.ledger.waiting > 0 && <span className={classes.number}>{sync.ledger.waiting}</span>}
      </Link>
    </>
  );
}

function stationState(station: StationStatus, t: TFunction, number: (value: number) => string): string {
  if (station.status !== "running") return t(`station.${station.status}`);
  return t("station.runningRate", { rate: number(station.picturesPerSecond) });
}

function stationTone({ status }: StationStatus): Tone {
  if (status === "running") return "good";
  if (status === "failed") return "warn";
  return status === "starting" ? "busy" : "quiet";
}

function syncState({ ledger }: SyncStatus, isOnline: boolean, t: TFunction): string {
  const count = ledger.waiting;
  if (!isOnline) return count > 0 ? t("sync.offlineWaiting", { count }) : t("sync.offline");
  if (ledger.parked > 0) return t("sync.parked", { count: ledger.parked });
  return count > 0 ? t("sync.waiting", { count }) : t("sync.allSent");
}

function syncTone({ ledger }: SyncStatus, isOnline: boolean): Tone {
  if (!isOnline || ledger.parked > 0) return "warn";
  return ledger.waiting > 0 ? "busy" : "good";
}
