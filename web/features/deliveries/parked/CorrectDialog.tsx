import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EventRecord } from "#contract/events.ts";
import { useProblemWords } from "../../../hooks/use-problem-words.ts";
import { TroubleNote } from "../TroubleNote.tsx";
import { useFaultWords } from "../use-fault-words.ts";
import { type CorrectionProblem, checkCorrection } from "./correction.ts";
import type { ParkedItem, ParkedSource } from "./parked-source.ts";

type CorrectDialogProps = { source: ParkedSource; item: ParkedItem; onClose: () => void };

/** Changes payload and meta of a parked event. */
export function CorrectDialog({ source, item, onClose }: CorrectDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deliveries.correction.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("deliveries.correction.text")}
        </Text>
        {!item.faults?.length && <TroubleNote told={item} code={item.code} />}
        {item.event && <CorrectionForm source={source} item={item} event={item.event} onDone={onClose} />}
      </Stack>
    </Modal>
  );
}

type CorrectionFormProps = {
  source: ParkedSource;
  item: ParkedItem;
  event: EventRecord;
  onDone: () => void;
};

const STYLES = {
  input: { fontFamily: "var(--mantine-font-family-monospace)", color: "var(--mantine-color-text)" },
  error: { whiteSpace: "pre-line" }, // a line for each fault
} as const;

const textOf = (part: object | undefined): string => (part ? JSON.stringify(part, null, 2) : "");

type Texts = { payload: string; meta: string };

/** What is wrong with a part, as a person reads it. */
export function useCorrectionWords(): (problem: CorrectionProblem) => string {
  const { t } = useTranslation();
  const wordsOf = useFaultWords();
  return (problem) => {
    if (problem.kind === "notFitting") return wordsOf(problem.faults);
    if (problem.kind === "notObject") return t("deliveries.correction.notObject");
    return problem.at ? t("deliveries.correction.notJsonAt", problem.at) : t("deliveries.correction.notJson");
  };
}

function CorrectionForm({ source, item, event, onDone }: CorrectionFormProps) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const wordsOf = useCorrectionWords();
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const initialValues: Texts = { payload: textOf(event.payload), meta: textOf(event.meta) };
  const form = useForm({ initialValues, initialErrors: wrongIn(initialValues), validate: wrongIn });

  function wrongIn(values: Texts): Partial<Texts> {
    const checked = checkCorrection(event.event_name, values);
    const problems = checked.status === "wrong" ? Object.entries(checked.problems) : [];
    return Object.fromEntries(problems.map(([field, problem]) => [field, wordsOf(problem)]));
  }

  async function save(values: Texts, isSentAgain: boolean) {
    const checked = checkCorrection(event.event_name, values);
    if (checked.status === "wrong") return;
    setIsBusy(true);
    try {
      await source.correct(item.key, checked.correction);
      if (isSentAgain) await source.retry([item.key]);
      onDone();
    } catch (error) {
      setFailure(error);
      setIsBusy(false);
    }
  }

  const json = { autosize: true, minRows: 3, maxRows: 16, spellCheck: false, styles: STYLES } as const;
  return (
    <form onSubmit={form.onSubmit((values) => void save(values, true))} noValidate>
      <Stack gap="md">
        <Textarea label={t("deliveries.correction.payload")} {...json} {...form.getInputProps("payload")} />
        <Textarea
          label={t("deliveries.correction.meta")}
          description={t("deliveries.correction.metaText")}
          {...json}
          {...form.getInputProps("meta")}
        />
        {failure !== null && (
          <Alert color="red" role="alert">
            {say(failure)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={isBusy}
            onClick={() => form.onSubmit((values) => void save(values, false))()}
          >
            {t("deliveries.correction.save")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("deliveries.correction.saveAndSend")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
