import { Alert, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconChecks, IconPlugConnectedX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemWords } from "../../../hooks/use-problem-words.ts";
import { Emptiness } from "../../../ui/Emptiness.tsx";
import { Waiting } from "../../../ui/Waiting.tsx";
import { CorrectDialog } from "./CorrectDialog.tsx";
import { DiscardDialog } from "./DiscardDialog.tsx";
import { ParkedCard } from "./ParkedCard.tsx";
import type { Chosen, ParkedItem, ParkedSource } from "./parked-source.ts";

type Dialog = { kind: "none" } | { kind: "discard" } | { kind: "correct"; item: ParkedItem };

/** The list, what is chosen of it, and what becomes of that. */
export function ParkedView({ source, text }: { source: ParkedSource; text: string }) {
  const { t } = useTranslation();
  const { list } = source;
  if (list.status === "loading") return <Waiting label={t("common.loading")} />;
  if (list.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("deliveries.parked.failed")}>
        <Button onClick={list.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (list.items.length === 0) {
    return (
      <Emptiness
        icon={IconChecks}
        title={t("deliveries.parked.empty")}
        text={t("deliveries.parked.emptyText")}
      />
    );
  }
  return (
    <>
      <Text c="dimmed" size="sm" mb="md">
        {text}
      </Text>
      <ParkedItems source={source} items={list.items} />
      {list.more && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={list.more.isLoading} onClick={list.more.load}>
            {t("deliveries.parked.more")}
          </Button>
        </Group>
      )}
    </>
  );
}

function ParkedItems({ source, items }: { source: ParkedSource; items: ParkedItem[] }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  // what left the list meanwhile is no longer chosen
  const chosenKeys = items.map(({ key }) => key).filter((key) => marked.has(key));
  const chosen: Chosen = chosenKeys.length > 0 ? chosenKeys : "all";
  const close = () => setDialog({ kind: "none" });

  function mark(key: string, isMarked: boolean) {
    const next = new Set(marked);
    if (isMarked) next.add(key);
    else next.delete(key);
    setMarked(next);
  }

  async function retry() {
    setIsBusy(true);
    setProblem(null);
    try {
      await source.retry(chosen);
      setMarked(new Set());
      notifications.show({
        message:
          chosen === "all"
            ? t("deliveries.parked.retriedAll")
            : t("deliveries.parked.retried", { count: chosen.length }),
      });
    } catch (error) {
      setProblem(error);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Checkbox
          size="md"
          label={
            chosenKeys.length > 0
              ? t("deliveries.parked.chosen", { count: chosenKeys.length })
              : t("deliveries.parked.chooseAll")
          }
          checked={chosenKeys.length === items.length}
          indeterminate={chosenKeys.length > 0 && chosenKeys.length < items.length}
          onChange={({ currentTarget }) =>
            setMarked(new Set(currentTarget.checked ? items.map(({ key }) => key) : []))
          }
        />
        <Group gap="xs">
          <Button variant="light" loading={isBusy} onClick={() => void retry()}>
            {t(chosen === "all" ? "deliveries.parked.retryAll" : "deliveries.parked.retryChosen")}
          </Button>
          <Button variant="light" color="red" onClick={() => setDialog({ kind: "discard" })}>
            {t(chosen === "all" ? "deliveries.parked.discardAll" : "deliveries.parked.discardChosen")}
          </Button>
        </Group>
      </Group>
      {problem !== null && (
        <Alert color="red" icon={<IconAlertTriangle />} role="alert">
          {say(problem)}
        </Alert>
      )}
      <Stack
        component="ul"
        gap="xs"
        p={0}
        m={0}
        style={{ listStyle: "none" }}
        aria-label={t("deliveries.parked.list")}
      >
        {items.map((item) => (
          <ParkedCard
            key={item.key}
            item={item}
            isChosen={marked.has(item.key)}
            onChoose={(isChosen) => mark(item.key, isChosen)}
            onCorrect={() => setDialog({ kind: "correct", item })}
          />
        ))}
      </Stack>
      {dialog.kind === "discard" && <DiscardDialog source={source} chosen={chosen} onClose={close} />}
      {dialog.kind === "correct" && <CorrectDialog source={source} item={dialog.item} onClose={close} />}
    </Stack>
  );
}
