import { Button, Group, Modal, Switch } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EvidenceData } from "#contract/evidence.ts";
import { type EvidenceState, pictureAddress } from "../../hooks/use-evidence.ts";
import classes from "./event-picture.module.css";
import type { EventPictureProps } from "./event-picture-props.ts";
import { MissingPicture } from "./MissingPicture.tsx";

type EnlargedPictureProps = EventPictureProps & { state: EvidenceState; onClose: () => void };

/** An event's picture as large as the screen allows, with what was found in it drawn over it. */
export function EnlargedPicture({ mediaId, cameraName, time, state, onClose }: EnlargedPictureProps) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery("(max-width: 36em)");
  const [hasBoxes, setHasBoxes] = useState(true);
  const data = state.status === "here" ? state.data : null;
  const found = data?.boxes.length ?? 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${cameraName} · ${time}`}
      size="min(1100px, 92vw)"
      fullScreen={isPhone ?? false}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {data ? (
        <PictureWithBoxes
          data={data}
          alt={t("events.picture.alt", { camera: cameraName, time })}
          isDrawn={hasBoxes}
        />
      ) : (
        <MissingPicture status={state.status} />
      )}
      <Group justify="space-between" mt="sm">
        {found > 0 ? (
          <Switch
            label={t("events.picture.boxes", { count: found })}
            checked={hasBoxes}
            onChange={(event) => setHasBoxes(event.currentTarget.checked)}
          />
        ) : (
          <span />
        )}
        {data && (
          <Button
            component="a"
            href={pictureAddress(mediaId)}
            download={`${mediaId}.jpg`}
            variant="light"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            {t("events.picture.download")}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

type PictureWithBoxesProps = { data: EvidenceData; alt: string; isDrawn: boolean };

/** Boxes are data beside the picture, in fractions of it: they are drawn here, and can be taken away. */
export function PictureWithBoxes({ data, alt, isDrawn }: PictureWithBoxesProps) {
  const { mediaId, widthPx, heightPx, boxes } = data;
  return (
    <div className={classes.enlarged} style={{ aspectRatio: `${widthPx} / ${heightPx}` }}>
      <img src={pictureAddress(mediaId)} alt={alt} width={widthPx} height={heightPx} />
      {isDrawn && boxes.length > 0 && (
        <svg viewBox={`0 0 ${widthPx} ${heightPx}`} aria-hidden>
          {boxes.map(({ label, box }) => (
            <rect
              key={`${label} ${box.left} ${box.top} ${box.width} ${box.height}`}
              data-label={label}
              x={box.left * widthPx}
              y={box.top * heightPx}
              width={box.width * widthPx}
              height={box.height * heightPx}
            />
          ))}
        </svg>
      )}
    </div>
  );
}
