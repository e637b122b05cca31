import { Badge, Button, Group, Progress, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isUsable, type ListedModel } from "#contract/models.ts";
import { type KnownModel, useModelChanges } from "../../hooks/use-models.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { OwnModelForm } from "./OwnModelForm.tsx";
import { useModelWords } from "./use-model-words.ts";

const COLOURS = { missing: "yellow", downloading: "blue", ready: "green" };

type ModelRowProps = {
  model: KnownModel;
  /** Whether the station runs it. */
  isRunning: boolean;
  onChoose: () => void;
};

export function ModelRow({ model, isRunning, onChoose }: ModelRowProps) {
  const { t } = useTranslation();
  const words = useModelWords();
  const { state, own } = model;
  const stage = own?.missing.length ? "incomplete" : (own?.check.status ?? "passed");
  return (
    <li>
      <Group gap={8} justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {model.title}
        </Text>
        <Group gap={6} wrap="nowrap" style={{ flex: "none" }}>
          {isRunning && <Badge variant="filled">{t("system.models.inUse")}</Badge>}
          {own && !isUsable(model) ? (
            <Badge variant="light" color="yellow">
              {t(`system.models.own.${stage}`)}
            </Badge>
          ) : (
            <Badge variant="light" color={COLOURS[state.status]}>
              {t(`system.models.status.${state.status}`)}
            </Badge>
          )}
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {words.facts(model)}
      </Text>
      {model.accuracy !== "" && (
        <Text size="sm" c="dimmed">
          {model.accuracy}
        </Text>
      )}
      {own && <Text size="sm">{words.check(own)}</Text>}
      {state.reason !== undefined && (
        <Text size="sm" mt={2} style={{ overflowWrap: "anywhere" }}>
          {state.reason}
        </Text>
      )}
      {state.status === "downloading" && (
        <Progress mt={6} value={(state.progress ?? 0) * 100} aria-label={model.title} />
      )}
      <Group gap="xs" mt={6}>
        {!model.chosen && !model.demonstration && isUsable(model) && (
          <Button size="compact-sm" variant="default" onClick={onChoose}>
            {t("system.models.use")}
          </Button>
        )}
        {own && <OwnModelActions model={model} />}
      </Group>
    </li>
  );
}

function OwnModelActions({ model }: { model: KnownModel }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { check, remove } = useModelChanges();
  const [isOpen, setIsOpen] = useState(false);

  function onChanged(changed: ListedModel) {
    setIsOpen(false);
    if (changed.own?.check.status === "unchecked") check.mutate(changed);
  }

  const problem = check.error ?? remove.error;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setIsOpen(true)}>
        {t(model.own?.missing.length ? "system.models.own.complete" : "system.models.own.change")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        loading={check.isPending}
        disabled={model.own?.missing.some((fact) => fact !== "licence") === true}
        onClick={() => check.mutate(model)}
      >
        {t("system.models.own.check")}
      </Button>
      {model.own?.origin === "dropped" && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          loading={remove.isPending}
          onClick={() => remove.mutate(model.id)}
        >
          {t("common.delete")}
        </Button>
      )}
      {problem && (
        <Text size="sm" c="red" role="alert">
          {say(problem)}
        </Text>
      )}
      {isOpen && <OwnModelForm model={model} onClose={() => setIsOpen(false)} onChanged={onChanged} />}
    </>
  );
}
