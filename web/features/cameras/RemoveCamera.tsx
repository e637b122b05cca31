import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useCameraChanges } from "../../hooks/use-cameras.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";

/** Asks before a camera goes; `camera` null keeps it closed. */
export function RemoveCamera({ camera, onClose }: { camera: Camera | null; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { remove } = useCameraChanges();

  function confirm({ id, name }: Camera) {
    remove.mutate(id, {
      onSuccess: () => {
        notifications.show({ message: t("cameras.removed", { name }) });
        onClose();
      },
    });
  }

  return (
    <Modal
      opened={camera !== null}
      onClose={onClose}
      title={t("cameras.removeTitle")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {camera && (
        <>
          <Text>{t("cameras.removeText", { name: camera.name })}</Text>
          {remove.error && (
            <Alert mt="sm" color="red" role="alert">
              {say(remove.error)}
            </Alert>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t("common.cancel")}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => confirm(camera)}>
              {t("common.delete")}
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
