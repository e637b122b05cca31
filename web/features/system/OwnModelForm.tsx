import { Alert, Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { ListedModel } from "#contract/models.ts";
import { type KnownModel, useModelChanges } from "../../hooks/use-models.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { changeOf, formOf, labelsOf } from "./own-model-form.ts";

/** Asks what the file of an own model does not say, and lets the rest be put right. */
export function OwnModelForm({
  model,
  onClose,
  onChanged,
}: {
  model: KnownModel;
  onClose: () => void;
  onChanged: (model: ListedModel) => void;
}) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { change } = useModelChanges();
  const classCount = model.own?.classCount ?? null;
  /** A size that the file fixes is not asked for. */
  const isSide = (px: number) => !model.own?.freeSize || (px > 0 && px % 32 === 0);
  const form = useForm({
    initialValues: formOf(model),
    validate: {
      title: (value) => (value.trim() === "" ? t("modelForm.needed") : null),
      licence: (value) => (value.trim() === "" ? t("modelForm.needed") : null),
      labels(value) {
        const count = labelsOf(value).length;
        if (count === 0) return t("modelForm.needed");
        const isWrong = classCount !== null && count !== classCount;
        return isWrong ? t("modelForm.labelCount", { count, needed: classCount }) : null;
      },
      widthPx: (value) => (isSide(value) ? null : t("modelForm.side")),
      heightPx: (value) => (isSide(value) ? null : t("modelForm.side")),
    },
  });
  const submit = form.onSubmit((values) =>
    change.mutate({ id: model.id, change: changeOf(values, model) }, { onSuccess: onChanged }),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("modelForm.title")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label={t("modelForm.name")} maxLength={100} {...form.getInputProps("title")} />
          <TextInput
            label={t("modelForm.licence")}
            description={t("modelForm.licenceText")}
            maxLength={200}
            {...form.getInputProps("licence")}
          />
          <Textarea
            label={t("modelForm.labels")}
            description={
              classCount === null
                ? t("modelForm.labelsText")
                : t("modelForm.labelsCountText", { count: classCount })
            }
            minRows={4}
            maxRows={10}
            autosize
            {...form.getInputProps("labels")}
          />
          {model.own?.freeSize && (
            <Group grow>
              <NumberInput label={t("modelForm.width")} step={32} {...form.getInputProps("widthPx")} />
              <NumberInput label={t("modelForm.height")} step={32} {...form.getInputProps("heightPx")} />
            </Group>
          )}
          <NumberInput
            label={t("modelForm.minScore")}
            description={t("modelForm.minScoreText")}
            min={1}
            max={99}
            suffix=" %"
            {...form.getInputProps("minScorePercent")}
          />
          {change.error && (
            <Alert color="red" role="alert">
              {say(change.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
