import {
  Alert,
  Button,
  Group,
  Input,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import { usePlateChanges } from "../../hooks/use-plates.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { emptyForm, formOf, inputOf, type PlateFormValues, problemsOf } from "./plate-form.ts";

/** Enters a plate, or changes `known`. */
export function PlateForm({ known, onDone }: { known?: KnownPlate; onDone: () => void }) {
  const { t } = useTranslation();
  const sayProblem = useProblemWords();
  const { add, replace } = usePlateChanges();
  const form = useForm<PlateFormValues>({
    initialValues: known ? formOf(known) : emptyForm(),
    validate: (values) =>
      Object.fromEntries(
        Object.entries(problemsOf(values)).map(([field, problem]) => [field, t(`plates.invalid.${problem}`)]),
      ),
  });
  const failed = add.error ?? replace.error;

  function send(values: PlateFormValues) {
    const plate = inputOf(values);
    const onSuccess = (saved: KnownPlate) => {
      const message = known ? t("plates.changed", saved) : t("plates.added", saved);
      notifications.show({ message, color: "green" });
      onDone();
    };
    if (known) replace.mutate({ id: known.id, plate }, { onSuccess });
    else add.mutate(plate, { onSuccess });
  }

  return (
    <form onSubmit={form.onSubmit(send)} noValidate>
      <Stack gap="md">
        <TextInput
          label={t("plates.column.plate")}
          description={t("plates.plateHelp")}
          required
          data-autofocus
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          styles={{ input: { textTransform: "uppercase" } }}
          {...form.getInputProps("plate")}
        />
        <Input.Wrapper label={t("plates.column.list")}>
          <SegmentedControl
            mt={6}
            fullWidth
            aria-label={t("plates.column.list")}
            data={[
              { value: "allowed", label: t("plates.list.allowed") },
              { value: "watched", label: t("plates.list.watched") },
            ]}
            {...form.getInputProps("list")}
          />
          <Text size="xs" c="dimmed" mt={6}>
            {t(`plates.listHelp.${form.values.list}`)}
          </Text>
        </Input.Wrapper>
        <TextInput
          label={t("plates.note")}
          placeholder={t("plates.notePlaceholder")}
          {...form.getInputProps("note")}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput type="date" label={t("plates.validFrom")} {...form.getInputProps("validFrom")} />
          <TextInput type="date" label={t("plates.validUntil")} {...form.getInputProps("validUntil")} />
        </SimpleGrid>
        <Text size="xs" c="dimmed" mt={-8}>
          {t("plates.validHelp")}
        </Text>
        {failed && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {sayProblem(failed)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={add.isPending || replace.isPending}>
            {t(known ? "common.save" : "common.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
