import { Alert, Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemWords } from "../../../hooks/use-problem-words.ts";
import type { Chosen, ParkedSource } from "./parked-source.ts";

type DiscardDialogProps = { source: ParkedSource; chosen: Chosen; onClose: () => void };

const REASON_LETTERS = 200;

/** Asks for the reason before events are given up. */
export function DiscardDialog({ source, chosen, onClose }: DiscardDialogProps) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isFit = reason.trim() !== "";

  async function discard(event: SubmitEvent) {
    event.preventDefault();
    if (!isFit) return;
    setIsBusy(true);
    try {
      await source.discard(chosen, reason.trim());
      onClose();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deliveries.parked.discardTitle")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={(event) => void discard(event)}>
        <Text mb="sm">
          {chosen === "all"
            ? t("deliveries.parked.discardTextAll")
            : t("deliveries.parked.discardText", { count: chosen.length })}
        </Text>
        <TextInput
          label={t("deliveries.parked.why")}
          placeholder={t("deliveries.parked.whyPlaceholder")}
          required
          maxLength={REASON_LETTERS}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          data-autofocus
        />
        {problem !== null && (
          <Alert mt="sm" color="red" role="alert">
            {say(problem)}
          </Alert>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" color="red" disabled={!isFit} loading={isBusy}>
            {t("deliveries.parked.discard")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
