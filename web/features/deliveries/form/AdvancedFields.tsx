import { Accordion, MultiSelect, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EventName } from "#contract/events.ts";
import { useEventNames } from "../../../hooks/use-event-names.ts";
import type { SinkFormValues } from "./sink-form.ts";

type AdvancedFieldsProps = {
  form: UseFormReturnType<SinkFormValues>;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  /** Those of the kind. */
  children?: ReactNode;
};

const ALL = "advanced";

/** What has a good default: folded away. */
export function AdvancedFields({ form, isOpen, onToggle, children }: AdvancedFieldsProps) {
  const { t, i18n } = useTranslation();
  const nameOf = useEventNames();
  const numbers = {
    hideControls: true,
    decimalSeparator: i18n.language === "pt-BR" ? "," : ".",
    allowedDecimalSeparators: [".", ","],
  };
  return (
    <Accordion variant="contained" value={isOpen ? ALL : null} onChange={(value) => onToggle(value === ALL)}>
      <Accordion.Item value={ALL}>
        <Accordion.Control>{t("deliveries.form.advanced")}</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <MultiSelect
              label={t("deliveries.form.eventNames")}
              description={t("deliveries.form.eventNamesText")}
              data={EventName.options.map((name) => ({ value: name, label: nameOf(name) }))}
              clearable
              {...form.getInputProps("eventNames")}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput
                label={t("deliveries.form.everyS")}
                description={t("deliveries.form.everySText")}
                min={0}
                {...numbers}
                {...form.getInputProps("everyS")}
              />
              <NumberInput
                label={t("deliveries.form.batchEvents")}
                description={t("deliveries.form.batchEventsText")}
                min={1}
                {...numbers}
                {...form.getInputProps("batchEvents")}
              />
            </SimpleGrid>
            <NumberInput
              label={t("deliveries.form.retentionDays")}
              description={t("deliveries.form.retentionDaysText")}
              min={0}
              {...numbers}
              {...form.getInputProps("retentionDays")}
            />
            {children}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
