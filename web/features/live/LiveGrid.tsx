import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useMediaState } from "../../hooks/use-health.ts";
import { useQueueBoard } from "../../hooks/use-queues.ts";
import { useWatched } from "../../hooks/use-watched.ts";
import { CameraTile } from "./CameraTile.tsx";
import { GAP_PX, gridShape } from "./grid-shape.ts";
import classes from "./live.module.css";

/** All cameras at once, as large as the screen allows; or one of them alone. */
export function LiveGrid({ cameras }: { cameras: Camera[] }) {
  const { t } = useTranslation();
  const media = useMediaState();
  const queues = useQueueBoard();
  const isWatched = useWatched();
  const { ref, width, height } = useElementSize();
  const [enlargedId, setEnlargedId] = useState<string | null>(null);

  const enlarged = cameras.filter(({ id }) => id === enlargedId); // none once it was removed
  const shown = enlarged.length > 0 ? enlarged : cameras;
  const { columns, tileWidthPx } = gridShape({ count: shown.length, widthPx: width, heightPx: height });
  const tiles = shown.map((camera) => (
    <CameraTile
      key={camera.id}
      camera={camera}
      media={media}
      isWatched={isWatched}
      queues={queues}
      isEnlarged={camera.id === enlargedId}
      onToggleSize={() => setEnlargedId(camera.id === enlargedId ? null : camera.id)}
    />
  ));
  const shape = { gridTemplateColumns: `repeat(${columns}, ${tileWidthPx}px)`, gap: GAP_PX };
  return (
    <section className={classes.space} aria-label={t("live.grid")}>
      <div ref={ref} className={classes.frame}>
        {width > 0 && (
          <div className={classes.grid} style={shape}>
            {tiles}
          </div>
        )}
      </div>
    </section>
  );
}
