import { Badge, Group, Progress, Stack, Text } from "@mantine/core";
import { IconBrain } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { KnownModel } from "../../hooks/use-models.ts";
import { Section } from "../../ui/Section.tsx";

const COLOURS = { missing: "yellow", downloading: "blue", ready: "green" };

type ModelsSectionProps = {
  models: KnownModel[];
  /** Id of the model that the station runs. */
  runningModel: string | null;
};

export function ModelsSection({ models, runningModel }: ModelsSectionProps) {
  const { t } = useTranslation();
  const canFindPeople = models.some((model) => model.task === "objects" && model.state.status === "ready");
  return (
    <Section title={t("system.models.title")} icon={IconBrain}>
      {models.length === 0 && <Text size="sm">{t("system.models.none")}</Text>}
      <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} isRunning={model.id === runningModel} />
        ))}
      </Stack>
      {models.length > 0 && !canFindPeople && (
        <Text size="sm" c="dimmed" mt="md">
          {t("system.models.missingText")}
        </Text>
      )}
    </Section>
  );
}

function ModelRow({ model, isRunning }: { model: KnownModel; isRunning: boolean }) {
  const { t } = useTranslation();
  const { state } = model;
  return (
    <li>
      <Group gap={8} justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600}>
          {model.title}
        </Text>
        <Group gap={6} wrap="nowrap">
          {isRunning && <Badge variant="filled">{t("system.models.inUse")}</Badge>}
          <Badge variant="light" color={COLOURS[state.status]}>
            {t(`system.models.status.${state.status}`)}
          </Badge>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {t(`system.models.task.${model.task}`)} · {t("system.models.licence", { licence: model.licence })}
        {model.demonstration && ` · ${t("system.models.demonstration")}`}
      </Text>
      {state.reason !== undefined && (
        <Text size="sm" mt={2} style={{ overflowWrap: "anywhere" }}>
          {state.reason}
        </Text>
      )}
      {state.status === "downloading" && (
        <Progress mt={6} value={(state.progress ?? 0) * 100} aria-label={model.title} />
      )}
    </li>
  );
}
