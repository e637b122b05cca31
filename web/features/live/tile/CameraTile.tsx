import { ActionIcon } from "@mantine/core";
import { useInViewport, useMergedRef } from "@mantine/hooks";
import { IconLayoutGrid, IconMaximize } from "@tabler/icons-react";
import { lazy, type MouseEvent, memo, Suspense, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCameraRetry } from "../../../hooks/use-cameras.ts";
import { type PlayerState, usePlayer } from "../../../hooks/use-player.ts";
import { AlarmMarks } from "./AlarmMarks.tsx";
import { useAlarms } from "./alarms.ts";
import { CameraBoxes } from "./BoxOverlay.tsx";
import classes from "./camera-tile.module.css";
import type { CameraTileProps } from "./camera-tile-props.ts";
import type { FloatingPicture } from "./floating-picture.ts";
import { CameraPeople } from "./PeopleCount.tsx";
import { PlayingNotice } from "./PlayingNotice.tsx";
import { ConnectingMessage, TileMessage } from "./TileMessage.tsx";
import { TransportBadge, TransportIcon } from "./TransportBadge.tsx";
import { troubleOf } from "./tile-view.ts";

export type { CameraTileProps } from "./camera-tile-props.ts";

// What only an enlarged picture or a technician needs does not come with the first screen.
const TileTools = lazy(async () => ({ default: (await import("./TileTools.tsx")).TileTools }));
const ZoneOverlay = lazy(async () => ({ default: (await import("./ZoneOverlay.tsx")).ZoneOverlay }));
const StatsOverlay = lazy(async () => ({ default: (await import("./StatsOverlay.tsx")).StatsOverlay }));

/** Below this whole sentences do not fit. */
const COMPACT_PX = 300;

/** One camera's live picture with everything that is known about it now, and nothing that is not true now. */
export const CameraTile = memo(function CameraTile(props: CameraTileProps) {
  const { camera, media, isWatched, queues, isEnlarged, onToggleSize, widthPx, overlays, isHandsOff } = props;
  const { t } = useTranslation();
  const { ref: viewportRef, inViewport } = useInViewport<HTMLElement>();
  const [tile, setTile] = useState<HTMLElement | null>(null);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [surface, setSurface] = useState<HTMLElement | null>(null);
  const [floating, setFloating] = useState<FloatingPicture | null>(null);
  // what floats over other windows is seen, whatever happens to this page
  const isShown = floating !== null || (isWatched && inViewport);
  const { container, state, player } = usePlayer({ camera, media, isShown, widthPx });
  const retry = useCameraRetry();
  const alarms = useAlarms(camera.id, queues);
  const messageId = useId();
  useEffect(() => () => floating?.stop(), [floating]);

  const isCompact = !isEnlarged && (props.isCompact || widthPx < COMPACT_PX);
  const trouble = troubleOf(state);
  const way = wayOf(state);
  const isLate = trouble?.fault === "late";
  const isPlaying = state.status === "playing";
  const isSeen = isPlaying || isLate;
  const notice = isLate ? "late" : isPlaying && camera.analysed ? state.notice : undefined;

  function onPress(event: MouseEvent) {
    // a press on the enlarged picture is for zooming; `detail` is 0 for a key or a screen reader
    if (!isEnlarged || event.detail === 0) onToggleSize(camera.id);
  }

  return (
    <article
      ref={useMergedRef(viewportRef, setTile)}
      className={classes.tile}
      aria-label={camera.name}
      aria-describedby={trouble || notice ? messageId : undefined}
      data-camera-id={camera.id}
      data-status={state.status}
      data-enlarged={isEnlarged || undefined}
      data-compact={isCompact || undefined}
      data-alarm={(isSeen && alarms.length > 0) || undefined}
      data-transport={way?.transport}
      data-stream={isPlaying ? state.stream : undefined}
      data-fault={"fault" in state ? state.fault : undefined}
      data-cause={"cause" in state ? state.cause : undefined}
    >
      <div ref={setStage} className={classes.stage}>
        <div ref={container} className={classes.picture} />
        {isPlaying && overlays.zones && (
          <Suspense>
            <ZoneOverlay cameraId={camera.id} widthPx={state.widthPx} heightPx={state.heightPx} />
          </Suspense>
        )}
        {isPlaying && overlays.boxes && camera.analysed && (
          <CameraBoxes cameraId={camera.id} widthPx={state.widthPx} heightPx={state.heightPx} />
        )}
      </div>
      {!isHandsOff && (
        <button
          ref={setSurface}
          type="button"
          className={classes.surface}
          aria-label={t(isEnlarged ? "live.enlarged" : "live.enlarge", { name: camera.name })}
          aria-describedby={trouble || notice ? messageId : undefined}
          onClick={onPress}
        />
      )}
      {state.status === "connecting" && (
        <ConnectingMessage transport={state.transport} isCompact={isCompact} />
      )}
      {trouble && !isLate && (
        <TileMessage
          id={messageId}
          trouble={trouble}
          isCompact={isCompact}
          isEnlarged={isEnlarged}
          isTrying={retry.isPending}
          onRetry={isHandsOff ? undefined : () => retry.mutate(camera.id)}
        />
      )}
      <header className={classes.head}>
        {overlays.names && (
          <div className={classes.names}>
            <h2 className={classes.name}>{camera.name}</h2>
            {camera.place !== "" && <p className={classes.place}>{camera.place}</p>}
          </div>
        )}
        <span className={classes.spring} />
        {isPlaying && overlays.counts && camera.analysed && <CameraPeople cameraId={camera.id} />}
      </header>
      {notice && <PlayingNotice id={messageId} fault={notice} player={player} isCompact={isCompact} />}
      {overlays.stats && isSeen && (
        <Suspense>
          <StatsOverlay player={player} isShort={!isEnlarged && widthPx < 560} />
        </Suspense>
      )}
      <footer className={classes.foot}>
        <span className={classes.spring} />
        {way && isCompact && <TransportIcon {...way} />}
        {way && !isCompact && !isHandsOff && <TransportBadge cameraId={camera.id} {...way} />}
        {isEnlarged && !isHandsOff && tile && stage && surface && (
          <Suspense>
            <TileTools
              camera={camera}
              player={player}
              state={state}
              place={{ tile, stage, surface }}
              floating={floating}
              onFloating={setFloating}
            />
          </Suspense>
        )}
        {!isCompact && !isHandsOff && (
          <ActionIcon
            className={classes.resize ?? ""}
            variant="transparent"
            c="white"
            onClick={() => onToggleSize(camera.id)}
            aria-label={isEnlarged ? t("live.shrink") : t("live.enlarge", { name: camera.name })}
            // of a small tile the picture itself is the same button
            tabIndex={isEnlarged ? 0 : -1}
            aria-hidden={!isEnlarged}
          >
            {isEnlarged ? <IconLayoutGrid size={20} /> : <IconMaximize size={20} />}
          </ActionIcon>
        )}
      </footer>
      <AlarmMarks cameraName={camera.name} alarms={alarms} isSeen={isSeen} />
    </article>
  );
});

/** By which way the picture comes or is about to; null where there is none. */
function wayOf(state: PlayerState) {
  if (!("transport" in state) || state.transport === null || state.reason === null) return null;
  return { transport: state.transport, reason: state.reason };
}
