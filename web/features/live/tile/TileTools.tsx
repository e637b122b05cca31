import {
  IconCamera,
  IconMaximize,
  IconMinimize,
  IconPhotoPlus,
  IconPictureInPicture,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useFullScreen } from "../../../hooks/use-full-screen.ts";
import { useKeepPicture } from "../../../hooks/use-keep-picture.ts";
import { useNumberWords } from "../../../hooks/use-number-words.ts";
import type { Player, PlayerState } from "../../../hooks/use-player.ts";
import hidden from "../../../ui/unseen.module.css";
import { canFloat, type FloatingPicture, floatPicture } from "./floating-picture.ts";
import { OverlaySwitches } from "./OverlaySwitches.tsx";
import { saveFile, snapshotName, takeSnapshot } from "./snapshot.ts";
import { TileTool } from "./TileTool.tsx";
import classes from "./tile-tools.module.css";
import { useResting } from "./use-resting.ts";
import { useZoom } from "./use-zoom.ts";

type TileToolsProps = {
  camera: Camera;
  player: Player | null;
  state: PlayerState;
  place: { tile: HTMLElement; stage: HTMLElement; surface: HTMLElement };
  /** The window in which the picture floats; it stays when the tile is made small. */
  floating: FloatingPicture | null;
  onFloating: (floating: FloatingPicture | null) => void;
};

/** What can be done with one large picture. Goes away while nobody moves, comes back with the next movement. */
export function TileTools({ camera, player, state, place, floating, onFloating }: TileToolsProps) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const [news, tell] = useNews();
  const { zoom, scale } = useZoom(place);
  const isResting = useResting(place.tile);
  const full = useFullScreen();
  const { keep, isBusy } = useKeepPicture();
  const hasPicture =
    state.status === "playing" || ("lastPictureAtMs" in state && state.lastPictureAtMs !== null);

  async function snapshot() {
    const picture = player?.picture();
    const file = picture ? await takeSnapshot(picture) : null;
    if (!file) return tell(t("live.tools.snapshotFailed"));
    // a picture that stands still was taken when it came, not now
    const takenAtMs = "lastPictureAtMs" in state ? state.lastPictureAtMs : null;
    const name = snapshotName(camera.name, takenAtMs ?? Date.now());
    saveFile(file, name);
    tell(t("live.tools.saved", { name }));
  }

  async function toggleFloating() {
    if (floating) return floating.stop();
    try {
      const picture = () => player?.picture() ?? null;
      onFloating(await floatPicture({ picture, onEnd: () => onFloating(null) }));
    } catch {
      tell(t("live.tools.floatFailed"));
    }
  }

  return (
    <>
      <p className={classes.news} role="status">
        {news}
      </p>
      <div
        className={classes.tools}
        role="toolbar"
        aria-label={t("live.tools.label")}
        data-resting={isResting || undefined}
      >
        <TileTool
          label={t("live.tools.snapshot")}
          icon={IconCamera}
          isOff={!hasPicture}
          onPress={() => void snapshot()}
        />
        <TileTool
          label={t("evidence.keep")}
          icon={IconPhotoPlus}
          isOff={isBusy}
          onPress={() => void keep(camera).then(tell)}
        />
        {canFloat() && (
          <TileTool
            label={t(floating ? "live.tools.floatEnd" : "live.tools.float")}
            icon={IconPictureInPicture}
            isOff={!floating && state.status !== "playing"}
            isOn={floating !== null}
            onPress={() => void toggleFloating()}
          />
        )}
        <TileTool
          label={t(full.isFull ? "live.tools.fullEnd" : "live.tools.full")}
          icon={full.isFull ? IconMinimize : IconMaximize}
          isOn={full.isFull}
          onPress={full.toggle}
        />
        <OverlaySwitches />
        <span className={classes.zoom}>
          <TileTool
            label={t("live.tools.farther")}
            icon={IconZoomOut}
            isOff={scale <= 1}
            onPress={() => zoom.current?.farther()}
          />
          <TileTool label={t("live.tools.closer")} icon={IconZoomIn} onPress={() => zoom.current?.closer()} />
        </span>
        {scale > 1 && (
          <button type="button" className={classes.scale} onClick={() => zoom.current?.reset()}>
            <IconZoomReset size={20} aria-hidden />
            <span className={hidden.unseen}>{t("live.tools.whole")}</span>
            {t("live.tools.scale", { value: number(scale) })}
          </button>
        )}
      </div>
    </>
  );
}

const NEWS_MS = 5_000;

/** A few words that go away by themselves. */
function useNews(): [string, (words: string) => void] {
  const [news, setNews] = useState("");
  useEffect(() => {
    if (news === "") return;
    const timer = setTimeout(() => setNews(""), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return [news, setNews];
}
