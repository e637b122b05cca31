import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBrain } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { OWN_MODEL_LIMIT_BYTES } from "#contract/models.ts";
import { type KnownModel, modelToRun, useModelChanges, useUnusableModels } from "../../hooks/use-models.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { Section } from "../../ui/Section.tsx";
import { AddModel } from "./AddModel.tsx";
import { ModelRow } from "./ModelRow.tsx";

type ModelsSectionProps = {
  models: KnownModel[];
  /** Id of the model that the station runs. */
  runningModel: string | null;
};

export function ModelsSection({ models, runningModel }: ModelsSectionProps) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { choose } = useModelChanges();
  const chosen = models.find((model) => model.chosen);
  return (
    <Section title={t("system.models.title")} icon={IconBrain}>
      {models.length === 0 && <Text size="sm">{t("system.models.none")}</Text>}
      <Stack component="ul" gap="lg" p={0} m={0} style={{ listStyle: "none" }}>
        {models.map((model) => (
          <ModelRow
            key={model.id}
            model={model}
            isRunning={model.id === runningModel}
            onChoose={() => choose.mutate(model.id)}
          />
        ))}
      </Stack>
      {choose.error && (
        <Text size="sm" c="red" role="alert" mt="sm">
          {say(choose.error)}
        </Text>
      )}
      {chosen && (
        <Group justify="space-between" mt="md" gap="xs">
          <Text size="sm" c="dimmed">
            {t("system.models.chosenText", { title: chosen.title })}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => choose.mutate(null)}>
            {t("system.models.unchoose")}
          </Button>
        </Group>
      )}
      {models.length > 0 && !modelToRun(models) && (
        <Text size="sm" c="dimmed" mt="md">
          {t("system.models.missingText")}
        </Text>
      )}
      <UnusableFiles />
      <AddModel />
    </Section>
  );
}

/** What somebody laid into a folder and will wait for in vain. */
function UnusableFiles() {
  const { t } = useTranslation();
  const files = useUnusableModels();
  if (files.length === 0) return null;
  return (
    <Stack gap="xs" mt="lg">
      <Text size="sm" fw={600}>
        {t("system.models.unusable")}
      </Text>
      {files.map(({ name, code, reason }) => (
        <Text key={name} size="sm" style={{ overflowWrap: "anywhere" }}>
          {t("system.models.unusableFile", {
            name,
            reason: t(`modelProblem.${code}`, {
              defaultValue: reason,
              limit: OWN_MODEL_LIMIT_BYTES / 1024 / 1024,
            }),
          })}
        </Text>
      ))}
    </Stack>
  );
}
