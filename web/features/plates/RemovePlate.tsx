import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import { usePlateChanges } from "../../hooks/use-plates.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";

/** Asks before a plate goes; `plate` null keeps it closed. */
export function RemovePlate({ plate: known, onClose }: { plate: KnownPlate | null; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { remove } = usePlateChanges();

  function confirm({ id, plate }: KnownPlate) {
    remove.mutate(id, {
      onSuccess: () => {
        notifications.show({ message: t("plates.removed", { plate }) });
        onClose();
      },
    });
  }

  return (
    <Modal
      opened={known !== null}
      onClose={onClose}
      title={t("plates.removeTitle")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {known && (
        <>
          <Text>{t("plates.removeText", { plate: known.plate })}</Text>
          {remove.error && (
            <Alert mt="sm" color="red" role="alert">
              {say(remove.error)}
            </Alert>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t("common.cancel")}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => confirm(known)}>
              {t("common.delete")}
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
