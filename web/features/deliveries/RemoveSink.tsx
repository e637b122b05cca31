import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useSinkChanges } from "../../hooks/use-sinks.ts";
import { RemoveQuestion } from "../../ui/RemoveQuestion.tsx";

/** Asks before a sink goes, and says how many events go with it; `sink` null keeps it closed. */
export function RemoveSink({ sink, onClose }: { sink: Sink | null; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { remove } = useSinkChanges();

  function confirm({ id, name }: Sink) {
    remove.mutate(id, {
      onSuccess: () => {
        notifications.show({ message: t("deliveries.remove.done", { name }) });
        onClose();
      },
    });
  }

  function textOf({ name, ledger: { waiting, parked } }: Sink): string {
    const count = waiting + parked;
    return count === 0 ? t("deliveries.remove.text", { name }) : t("deliveries.remove.lost", { name, count });
  }

  return (
    <RemoveQuestion
      opened={sink !== null}
      title={t("deliveries.remove.title")}
      text={sink ? textOf(sink) : ""}
      problem={remove.error && say(remove.error)}
      isPending={remove.isPending}
      onConfirm={() => sink && confirm(sink)}
      onClose={onClose}
    />
  );
}
