import { Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useMediaState } from "../../hooks/use-health.ts";
import { usePlayer } from "../../hooks/use-player.ts";
import { useWatched } from "../../hooks/use-watched.ts";
import { type PictureShape, PictureShapes } from "../../ui/PictureShapes.tsx";
import classes from "./zones.module.css";

/** Of a picture that was never seen: as most cameras send it. */
const USUAL = { widthPx: 1280, heightPx: 720 };

/** The camera's picture with the shapes over it; a grid stands where no picture comes. */
export function ScenePicture({ camera, shapes }: { camera: Camera; shapes: PictureShape[] }) {
  const { t } = useTranslation();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const isShown = useWatched();
  const { container, state } = usePlayer({ camera, media: useMediaState(), isShown, widthPx: width });
  const isPlaying = state.status === "playing";
  const names = shapes.map(({ name }) => name).join(", ");
  const size = sizeOf(isPlaying ? state : null, camera);
  return (
    <div
      ref={ref}
      className={classes.picture}
      style={{ aspectRatio: `${size.widthPx} / ${size.heightPx}` }}
      role="img"
      aria-label={
        names === ""
          ? t("zones.pictureLabelEmpty", { name: camera.name })
          : t("zones.pictureLabel", { name: camera.name, shapes: names })
      }
    >
      <div className={classes.grid} aria-hidden />
      <div ref={container} className={classes.player} />
      <PictureShapes shapes={shapes} {...size} />
      {!isPlaying && (
        <Text size="sm" className={classes.caption ?? ""}>
          {t(
            state.status === "connecting" || state.status === "idle"
              ? "zones.pictureComes"
              : "zones.noPicture",
          )}
        </Text>
      )}
    </div>
  );
}

type Size = { widthPx: number; heightPx: number };

function sizeOf(playing: Size | null, { state }: Camera): Size {
  if (playing && playing.widthPx > 0 && playing.heightPx > 0) return playing;
  const { widthPx, heightPx } = state.status === "online" ? state.format : {};
  return widthPx && heightPx ? { widthPx, heightPx } : USUAL;
}
