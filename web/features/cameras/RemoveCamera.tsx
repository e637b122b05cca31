import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useCameraChanges } from "../../hooks/use-cameras.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { RemoveQuestion } from "../../ui/RemoveQuestion.tsx";

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
    <RemoveQuestion
      opened={camera !== null}
      title={t("cameras.removeTitle")}
      text={camera ? t("cameras.removeText", { name: camera.name }) : ""}
      problem={remove.error && say(remove.error)}
      isPending={remove.isPending}
      onConfirm={() => camera && confirm(camera)}
      onClose={onClose}
    />
  );
}
