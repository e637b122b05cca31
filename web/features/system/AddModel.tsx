import { Button, FileButton, Paper, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { OWN_MODEL_LIMIT_BYTES } from "#contract/models.ts";
import { useModelChanges } from "../../hooks/use-models.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";

const LIMIT_MB = OWN_MODEL_LIMIT_BYTES / 1024 / 1024;

/** Takes a model file, dropped or picked, hands it over and has it checked. */
export function AddModel() {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { add } = useModelChanges();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);

  function take(file: File | null | undefined) {
    if (!file || add.isPending) return;
    add.reset();
    const isTooLarge = file.size > OWN_MODEL_LIMIT_BYTES;
    setRefusal(isTooLarge ? t("modelProblem.body_too_large", { limit: LIMIT_MB }) : null);
    if (!isTooLarge) add.mutate(file);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  }

  function onDragOver(event: DragEvent) {
    event.preventDefault();
    setIsOver(true);
  }

  const problem = refusal ?? (add.error && say(add.error));
  return (
    <Paper
      withBorder
      radius="md"
      p="md"
      mt="lg"
      data-testid="drop-model"
      style={{ borderStyle: "dashed", background: isOver ? "var(--mantine-color-default-hover)" : undefined }}
      onDrop={onDrop}
      onDragOver={onDragOver}
      onDragLeave={() => setIsOver(false)}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm" fw={600}>
          {t("system.models.add.title")}
        </Text>
        <Text size="sm" c="dimmed">
          {t("system.models.add.text", { limit: LIMIT_MB })}
        </Text>
        <FileButton onChange={take} accept=".onnx">
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="sm"
              loading={add.isPending}
              leftSection={<IconUpload size={16} />}
            >
              {t("system.models.add.pick")}
            </Button>
          )}
        </FileButton>
        {add.isPending && (
          <Text size="sm" role="status">
            {t("system.models.add.checking")}
          </Text>
        )}
        {problem && (
          <Text size="sm" c="red" role="alert" style={{ overflowWrap: "anywhere" }}>
            {problem}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
