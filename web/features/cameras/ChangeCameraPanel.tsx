import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useCameraChanges } from "../../hooks/use-cameras.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { CameraForm } from "./CameraForm.tsx";
import { type CameraFormValues, changeOf } from "./camera-form.ts";

export function ChangeCameraPanel({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { change } = useCameraChanges();

  function send(values: CameraFormValues) {
    const differences = changeOf(values, camera);
    if (Object.keys(differences).length === 0) return onDone();
    change.mutate(
      { id: camera.id, change: differences },
      {
        onSuccess: ({ name }) => {
          notifications.show({ message: t("cameras.changed", { name }), color: "green" });
          onDone();
        },
      },
    );
  }

  return (
    <CameraForm
      camera={camera}
      isSending={change.isPending}
      problem={change.error && say(change.error)}
      onSubmit={send}
      onCancel={onDone}
    />
  );
}
