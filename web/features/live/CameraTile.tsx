import { ActionIcon } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { IconMaximize, IconMinimize } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCameraRetry } from "../../hooks/use-cameras.ts";
import { useGatewayLink } from "../../hooks/use-health.ts";
import { useNow } from "../../hooks/use-now.ts";
import { usePlayer } from "../../hooks/use-player.ts";
import { runningQueue } from "../../hooks/use-queues.ts";
import { useCameraResult, useStation } from "../../hooks/use-station.ts";
import { BoxOverlay } from "./BoxOverlay.tsx";
import classes from "./camera-tile.module.css";
import type { CameraTileProps } from "./camera-tile-props.ts";
import { PeopleCount } from "./PeopleCount.tsx";
import { QueueMark } from "./QueueMark.tsx";
import { TileMessage } from "./TileMessage.tsx";
import { TransportBadge } from "./TransportBadge.tsx";
import { tileView } from "./tile-view.ts";

/** A result older than this says nothing about now: key frames may be 10 s apart, and then it missed two. */
const COUNT_VALID_MS = 25_000;
/** Boxes age faster: people walk out of them. */
const BOXES_VALID_MS = 6_000;

/** One camera's live picture with everything that is known about it now. */
export function CameraTile({ camera, media, isWatched, queues, isEnlarged, onToggleSize }: CameraTileProps) {
  const { t } = useTranslation();
  const { ref, inViewport } = useInViewport<HTMLElement>();
  const { container, state } = usePlayer({ camera, media, isShown: isWatched && inViewport });
  const result = useCameraResult(camera.id);
  const isStationRunning = useStation().status === "running";
  const retry = useCameraRetry();
  const nowMs = useNow();
  const view = tileView(camera.state, state, useGatewayLink() === "here");

  const queue = runningQueue(queues, camera.id, nowMs);
  const ageMs = result && isStationRunning ? nowMs - result.arrivedAtMs : Number.POSITIVE_INFINITY;
  const isPicture = view.status === "playing";
  const transport = state.status === "idle" || state.status === "failed" ? null : state;
  const sizeLabel = isEnlarged ? t("live.shrink") : t("live.enlarge", { name: camera.name });
  return (
    <article
      ref={ref}
      className={classes.tile}
      aria-label={camera.name}
      data-camera-id={camera.id}
      data-status={view.status}
      data-transport={transport?.transport}
      data-fault={"fault" in view ? (view.fault ?? undefined) : undefined}
    >
      <div ref={container} className={classes.picture} />
      {isPicture && result && ageMs < BOXES_VALID_MS && state.status === "playing" && (
        <BoxOverlay objects={result.objects} widthPx={state.widthPx} heightPx={state.heightPx} />
      )}
      {!isPicture && <TileMessage view={view} nowMs={nowMs} onRetry={() => retry.mutate(camera.id)} />}
      <header className={classes.head}>
        <div className={classes.names}>
          <h2 className={classes.name}>{camera.name}</h2>
          {camera.place !== "" && <p className={classes.place}>{camera.place}</p>}
        </div>
        {camera.analysed && isPicture && result && ageMs < COUNT_VALID_MS && (
          <PeopleCount count={result.people} />
        )}
      </header>
      <footer className={classes.foot}>
        {transport && <TransportBadge transport={transport.transport} reason={transport.reason} />}
        {isPicture && view.notice && (
          <span className={classes.warning}>
            {t("live.stillPlaying", { fault: t(`fault.${view.notice}.title`) })}
          </span>
        )}
        <span className={classes.spring} />
        {isPicture && queue && <QueueMark queue={queue} nowMs={nowMs} />}
        <ActionIcon
          className={classes.resize ?? ""}
          variant="transparent"
          c="white"
          onClick={() => onToggleSize(camera.id)}
          aria-label={sizeLabel}
          aria-pressed={isEnlarged}
        >
          {isEnlarged ? <IconMinimize size={20} /> : <IconMaximize size={20} />}
        </ActionIcon>
      </footer>
    </article>
  );
}
