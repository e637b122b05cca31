import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Sink, SinkKind, SinkRhythm } from "#contract/sinks.ts";
import { useProblemWords } from "../../../hooks/use-problem-words.ts";
import { useSinkChanges } from "../../../hooks/use-sinks.ts";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { AmqpFields, MoreAmqpFields } from "./AmqpFields.tsx";
import { CheckField } from "./CheckField.tsx";
import { FrigateFields } from "./FrigateFields.tsx";
import { HttpFields, MoreHttpFields } from "./HttpFields.tsx";
import { MoreMqttFields, MqttFields } from "./MqttFields.tsx";
import { ColumnFields, SupabaseFields } from "./SupabaseFields.tsx";
import {
  changeOf,
  emptyForm,
  type FormProblem,
  formOf,
  newSinkOf,
  problemsOf,
  type SinkFormValues,
} from "./sink-form.ts";

type SinkFormProps = {
  kind: SinkKind;
  /** Of a new one, until somebody changes it. */
  rhythm: Partial<SinkRhythm>;
  /** Changed; null where it is a new one. */
  sink: Sink | null;
  onSaved: (sink: Sink) => void;
  onCancel: () => void;
};

const TARGET_FIELDS = {
  http: HttpFields,
  supabase: SupabaseFields,
  mqtt: MqttFields,
  amqp: AmqpFields,
  frigate: FrigateFields,
} as const;
const MORE_FIELDS = {
  http: MoreHttpFields,
  supabase: ColumnFields,
  mqtt: MoreMqttFields,
  amqp: MoreAmqpFields,
  frigate: null,
} as const;
/** Fields that are folded away; a problem in one opens them. */
const FOLDED: ReadonlySet<FormProblem> = new Set<FormProblem>([
  "everyS",
  "batchEvents",
  "retentionDays",
  "headers",
  "columns",
  "clientId",
  "visionExchange",
  "cameraExchange",
]);

/** Makes a sink, or changes one. */
export function SinkForm({ kind, rhythm, sink, onSaved, onCancel }: SinkFormProps) {
  const { t } = useTranslation();
  const sayProblem = useProblemWords();
  const { add, change } = useSinkChanges();
  const [isOpen, setIsOpen] = useState(false);
  const wordsOf = (problem: FormProblem) =>
    t(problem === "url" ? `deliveries.invalid.url.${kind}` : `deliveries.invalid.${problem}`);
  const form = useForm<SinkFormValues>({
    initialValues: sink ? formOf(sink) : emptyForm(kind, rhythm),
    validate: (values) =>
      Object.fromEntries(
        Object.entries(problemsOf(kind, values)).map(([field, problem]) => [field, wordsOf(problem)]),
      ),
  });
  const failed = add.error ?? change.error;
  const More = MORE_FIELDS[kind];
  const Target = TARGET_FIELDS[kind];

  function send(values: SinkFormValues) {
    if (sink) change.mutate({ id: sink.id, change: changeOf(kind, values) }, { onSuccess: onSaved });
    else add.mutate(newSinkOf(kind, values), { onSuccess: onSaved });
  }

  function openWhereWrong() {
    if (Object.values(problemsOf(kind, form.getValues())).some((problem) => FOLDED.has(problem)))
      setIsOpen(true);
  }

  return (
    <form onSubmit={form.onSubmit(send, openWhereWrong)} noValidate>
      <Stack gap="md">
        <CommonFields form={form} kind={kind} />
        <Target form={form} secretsSet={sink?.secrets ?? []} />
        <AdvancedFields form={form} isOpen={isOpen} onToggle={setIsOpen}>
          {More && <More form={form} />}
        </AdvancedFields>
        {failed && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {sayProblem(failed)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t(sink ? "common.cancel" : "deliveries.form.back")}
          </Button>
          <Button type="submit" loading={add.isPending || change.isPending}>
            {t(sink ? "common.save" : "common.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function CommonFields({ form, kind }: { form: UseFormReturnType<SinkFormValues>; kind: SinkKind }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("deliveries.form.name")}
        placeholder={t("deliveries.form.namePlaceholder")}
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label={t("deliveries.form.url")}
        placeholder={t(`deliveries.form.urlPlaceholder.${kind}`)}
        type="url"
        required
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("url")}
      />
      <CheckField
        label={t("deliveries.form.isEnabled")}
        description={t("deliveries.form.isEnabledText")}
        {...form.getInputProps("isEnabled", { type: "checkbox" })}
      />
    </>
  );
}
