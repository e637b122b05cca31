import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictureAddress, useEvidence } from "../../hooks/use-evidence.ts";
import classes from "./event-picture.module.css";
import type { EventPictureProps } from "./event-picture-props.ts";
import { MissingPicture } from "./MissingPicture.tsx";

// most events are never enlarged
const EnlargedPicture = lazy(async () => ({
  default: (await import("./EnlargedPicture.tsx")).EnlargedPicture,
}));

/** The picture of an event, small; pressed, it is shown large. What keeps it from being shown is said in words. */
export function EventPicture({ mediaId, cameraName, time }: EventPictureProps) {
  const { t } = useTranslation();
  const [hasFailed, setHasFailed] = useState(false);
  const [isOpen, { open, close }] = useDisclosure(false);
  // the picture itself is asked for first: why it does not come is only asked then
  const state = useEvidence(mediaId, hasFailed || isOpen);
  const isHere = !hasFailed || state.status === "here";
  if (!isHere) return <MissingPicture status={state.status} />;
  return (
    <>
      <button
        type="button"
        className={classes.thumbnail}
        onClick={open}
        aria-label={t("events.picture.enlarge", { camera: cameraName, time })}
      >
        <img
          // a picture that has come meanwhile is asked for by another element: the first one has given up
          key={hasFailed ? "again" : "first"}
          src={pictureAddress(mediaId)}
          alt={t("events.picture.alt", { camera: cameraName, time })}
          loading="lazy"
          decoding="async"
          onError={() => setHasFailed(true)}
        />
      </button>
      {isOpen && (
        <Suspense>
          <EnlargedPicture
            mediaId={mediaId}
            cameraName={cameraName}
            time={time}
            state={state}
            onClose={close}
          />
        </Suspense>
      )}
    </>
  );
}
