import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import { usePlateChanges } from "../../hooks/use-plates.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { RemoveQuestion } from "../../ui/RemoveQuestion.tsx";

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
    <RemoveQuestion
      opened={known !== null}
      title={t("plates.removeTitle")}
      text={known ? t("plates.removeText", { plate: known.plate }) : ""}
      problem={remove.error && say(remove.error)}
      isPending={remove.isPending}
      onConfirm={() => known && confirm(known)}
      onClose={onClose}
    />
  );
}
