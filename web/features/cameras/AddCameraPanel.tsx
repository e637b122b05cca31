import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useCameraChanges } from "../../hooks/use-cameras.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { CameraForm } from "./CameraForm.tsx";
import { newCameraOf } from "./camera-form.ts";

/** The form for a new camera, ready to be used anywhere. */
export function AddCameraPanel({ onDone, onCancel }: { onDone?: () => void; onCancel?: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { add } = useCameraChanges();
  return (
    <CameraForm
      isSending={add.isPending}
      problem={add.error && say(add.error)}
      onSubmit={(values) =>
        add.mutate(newCameraOf(values), {
          onSuccess: ({ name }) => {
            notifications.show({ message: t("cameras.added", { name }), color: "green" });
            onDone?.();
          },
        })
      }
      {...(onCancel && { onCancel })}
    />
  );
}
