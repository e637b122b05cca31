import { Button, Loader } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCameraOff,
  IconKeyOff,
  IconPlayerPause,
  IconPlugConnectedX,
  IconSnowflake,
  IconVideoOff,
} from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useClock } from "../../../hooks/use-now.ts";
import type { Transport } from "../../../hooks/use-player.ts";
import { useTimeWords } from "../../../hooks/use-time-words.ts";
import hidden from "../../../ui/unseen.module.css";
import classes from "./tile-message.module.css";
import type { TileFault, Trouble } from "./tile-view.ts";

const ICONS: Record<TileFault, typeof IconCameraOff> = {
  refused: IconCameraOff,
  unreachable: IconCameraOff,
  timeout: IconCameraOff,
  unauthorized: IconKeyOff,
  not_found: IconCameraOff,
  unsupported_codec: IconVideoOff,
  no_video: IconVideoOff,
  frozen: IconSnowflake,
  dropped: IconPlugConnectedX,
  protocol: IconAlertTriangle,
  network: IconPlugConnectedX,
  unsupported_browser: IconVideoOff,
  no_bytes: IconPlayerPause,
  no_pictures: IconPlayerPause,
  late: IconPlayerPause,
};

/** Somebody who looks would rather press a button than sit out a wait longer than this. */
const LONG_WAIT_MS = 5_000;
/** The gateway never waits longer: more than this is a clock of this device that goes wrong. */
const LONGEST_WAIT_MS = 90_000;

const COUNTED_MS = 10 * 60_000;

/** Shown while the first picture is on its way. */
export function ConnectingMessage({ transport, isCompact }: { transport: Transport; isCompact: boolean }) {
  const { t } = useTranslation();
  const words = t("live.connectingBy", { transport: t(`transport.${transport}`) });
  return (
    <div className={classes.message} data-tone="wait" role="status" aria-live="off">
      <Loader size={isCompact ? 20 : 28} color="white" aria-hidden />
      <p className={isCompact ? hidden.unseen : classes.hint}>{words}</p>
    </div>
  );
}

type TileMessageProps = {
  /** By which the tile's own description refers to these words. */
  id: string;
  trouble: Trouble;
  /** Icon, short title and age; the sentences are there for a screen reader only. */
  isCompact: boolean;
  /** The one picture that is looked at: its news are read out. */
  isEnlarged: boolean;
  isTrying: boolean;
  /** Absent where nobody can press. */
  onRetry?: (() => void) | undefined;
};

/** What stands over a picture that is not live: what is wrong, since when, and what a person can do. */
export function TileMessage({ id, trouble, isCompact, isEnlarged, isTrying, onRetry }: TileMessageProps) {
  const { t } = useTranslation();
  const { fault, detail, lastPictureAtMs, triedAgain, nextTryAtMs } = trouble;
  const IconOf = ICONS[fault];
  const isLongWait = useMemo(
    () => nextTryAtMs !== null && nextTryAtMs - Date.now() > LONG_WAIT_MS,
    [nextTryAtMs],
  );
  const helpsToTry = triedAgain === "person" || isLongWait;
  return (
    <div
      id={id}
      className={classes.message}
      data-tone="trouble"
      data-compact={isCompact || undefined}
      role="status"
      // many tiles at once must not talk over each other; their words are read when one comes to them
      aria-live={isEnlarged ? "polite" : "off"}
    >
      <IconOf className={classes.icon} aria-hidden />
      <p className={classes.title}>{isCompact ? t(`fault.${fault}.short`) : t(`fault.${fault}.title`)}</p>
      {lastPictureAtMs !== null && <Age fault={fault} atMs={lastPictureAtMs} isCompact={isCompact} />}
      <p className={isCompact ? hidden.unseen : classes.hint}>
        {isCompact && `${t(`fault.${fault}.title`)}. `}
        {t(`fault.${fault}.hint`)} {triedAgain === "person" && t("live.waitsForPerson")}
        {fault !== "network" && triedAgain === "by_itself" && <NextTry atMs={nextTryAtMs} />}
      </p>
      {isEnlarged && detail && <p className={classes.detail}>{t("live.technical", { detail })}</p>}
      {helpsToTry && onRetry && !isCompact && (
        <Button
          className={classes.retry ?? ""}
          variant="white"
          color="dark"
          loading={isTrying}
          onClick={onRetry}
        >
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}

/** How old what is seen is, counting. */
function Age({ fault, atMs, isCompact }: { fault: TileFault; atMs: number; isCompact: boolean }) {
  const { t } = useTranslation();
  const { duration, moment } = useTimeWords();
  /** With its seconds for the first minutes: somebody who sees it count knows that the page itself is alive. */
  function counted(ageMs: number): string {
    if (ageMs < 60_000 || ageMs >= COUNTED_MS) return duration(ageMs);
    return `${duration(ageMs)} ${duration(ageMs % 60_000)}`;
  }
  const words = useClock((nowMs) => {
    const ageMs = nowMs - atMs;
    const age = isCompact ? duration(ageMs) : counted(ageMs);
    if (isCompact) return t("live.age", { age });
    if (fault === "frozen") return t("live.stillSince", { age, time: moment(atMs, nowMs) });
    return t("live.lastPicture", { age });
  });
  return (
    <p className={classes.age} aria-live="off">
      {words}
    </p>
  );
}

/** `atMs` by the gateway's clock. */
function NextTry({ atMs }: { atMs: number | null }) {
  const { t } = useTranslation();
  const words = useClock((nowMs) => {
    const waitMs = atMs === null ? 0 : atMs - nowMs;
    const isKnown = waitMs > 0 && waitMs < LONGEST_WAIT_MS;
    return isKnown
      ? t("live.nextTry", { wait: t("time.seconds", { value: Math.ceil(waitMs / 1_000) }) })
      : t("live.retries");
  });
  return <span aria-live="off">{words}</span>;
}
