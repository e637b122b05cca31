import { Button, Modal } from "@mantine/core";
import { IconCamera, IconPlugConnectedX, IconPlus } from "@tabler/icons-react";
import { useCallback, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { type CameraListState, useCameras } from "../../hooks/use-cameras.ts";
import { useCamerasHealth } from "../../hooks/use-cameras-health.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Screen } from "../../ui/Screen.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { AddCameraPanel } from "./AddCameraPanel.tsx";
import { CameraCard } from "./CameraCard.tsx";
import { ChangeCameraPanel } from "./ChangeCameraPanel.tsx";
import classes from "./camera-cards.module.css";
import { RemoveCamera } from "./RemoveCamera.tsx";

/** What is open over the list. */
type Dialog = { kind: "none" } | { kind: "add" } | { kind: "edit" | "remove"; camera: Camera };

const NONE: Dialog = { kind: "none" };

export function CamerasScreen() {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<Dialog>(NONE);
  const closeLabel = { "aria-label": t("common.close") };
  const close = () => setDialog(NONE);
  return (
    <Screen
      title={t("cameras.title")}
      actions={
        <Button leftSection={<IconPlus size={18} />} onClick={() => setDialog({ kind: "add" })}>
          {t("cameras.add")}
        </Button>
      }
    >
      <CameraCards
        list={useCameras()}
        // the same functions each time: a card is drawn again when one of them is another
        onEdit={useCallback((camera: Camera) => setDialog({ kind: "edit", camera }), [])}
        onRemove={useCallback((camera: Camera) => setDialog({ kind: "remove", camera }), [])}
      />
      <Modal
        opened={dialog.kind === "add"}
        onClose={close}
        title={t("cameras.addTitle")}
        size="lg"
        closeButtonProps={closeLabel}
      >
        <AddCameraPanel onDone={close} onCancel={close} />
      </Modal>
      <Modal
        opened={dialog.kind === "edit"}
        onClose={close}
        title={t("cameras.editTitle")}
        size="lg"
        closeButtonProps={closeLabel}
      >
        {dialog.kind === "edit" && <ChangeCameraPanel camera={dialog.camera} onDone={close} />}
      </Modal>
      <RemoveCamera camera={dialog.kind === "remove" ? dialog.camera : null} onClose={close} />
    </Screen>
  );
}

/** Three cards stand beside each other at most. */
const PACE = { first: 9, step: 3 };
const idOf = ({ id }: Camera) => id;

type CameraCardsProps = {
  list: CameraListState;
  onEdit: (camera: Camera) => void;
  onRemove: (camera: Camera) => void;
};

export function CameraCards({ list, onEdit, onRemove }: CameraCardsProps) {
  const { t } = useTranslation();
  if (list.status === "loading") return <Waiting label={t("common.loading")} />;
  if (list.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("live.failedTitle")}>
        <Button onClick={list.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (list.cameras.length === 0)
    return <Emptiness icon={IconCamera} title={t("cameras.empty")} text={t("live.emptyText")} />;
  return <CameraCardList cameras={list.cameras} onEdit={onEdit} onRemove={onRemove} />;
}

type CameraCardListProps = Omit<CameraCardsProps, "list"> & { cameras: Camera[] };

function CameraCardList({ cameras, onEdit, onRemove }: CameraCardListProps) {
  const { t } = useTranslation();
  const health = useDeferredValue(useCamerasHealth());
  const drawn = useGradual(cameras, idOf, PACE);
  return (
    <ul className={classes.cards} aria-label={t("cameras.title")}>
      {drawn.map((camera) => (
        <CameraCard
          key={camera.id}
          camera={camera}
          health={health.get(camera.id)}
          onEdit={onEdit}
          onRemove={onRemove}
        />
      ))}
    </ul>
  );
}
