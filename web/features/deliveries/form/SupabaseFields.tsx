import { Button, Code, Fieldset, Group, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { supabaseTableSql } from "#contract/supabase-table.ts";
import { CheckField } from "./CheckField.tsx";
import { SecretField } from "./SecretField.tsx";
import { FIELDS, targetOf } from "./sink-form.ts";
import type { TargetFieldsProps } from "./target-fields.ts";

export function SupabaseFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SecretField
        form={form}
        secret="key"
        label={t("deliveries.form.key")}
        description={t("deliveries.form.keyText")}
        isSet={secretsSet.includes("key")}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t("deliveries.form.schema")} required {...form.getInputProps("schema")} />
        <TextInput label={t("deliveries.form.table")} required {...form.getInputProps("table")} />
      </SimpleGrid>
      <TableSql form={form} />
    </>
  );
}

/** To be copied into Supabase's editor; it follows what is entered. */
function TableSql({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  const { copy, copied } = useClipboard();
  const target = targetOf("supabase", form.values);
  if (target.kind !== "supabase") return null;
  const sql = supabaseTableSql(target);
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <div>
          <Text size="sm" fw={550}>
            {t("deliveries.form.sql")}
          </Text>
          <Text size="xs" c="dimmed">
            {t("deliveries.form.sqlText")}
          </Text>
        </div>
        <Button
          variant="default"
          style={{ flex: "none" }}
          leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
          onClick={() => copy(sql)}
        >
          {t(copied ? "deliveries.form.copied" : "deliveries.form.copy")}
        </Button>
      </Group>
      <Code block tabIndex={0} aria-label={t("deliveries.form.sql")} mah={180} style={{ overflow: "auto" }}>
        {sql}
      </Code>
    </div>
  );
}

/** For a table that is there already. */
export function ColumnFields({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t("deliveries.form.columns")}>
      <Text size="xs" c="dimmed" mb="xs">
        {t("deliveries.form.columnsText")}
      </Text>
      {FIELDS.map((field) => (
        <Group key={field} wrap="nowrap" mb={6} gap="sm">
          <CheckField
            w={140}
            style={{ flex: "none" }}
            label={field}
            aria-label={t("deliveries.form.sendField", { field })}
            disabled={field === "receipt_id"}
            {...form.getInputProps(`columns.${field}.isSent`, { type: "checkbox" })}
          />
          <TextInput
            style={{ flex: 1 }}
            aria-label={t("deliveries.form.columnOf", { field })}
            placeholder={field}
            disabled={!form.values.columns[field].isSent}
            {...form.getInputProps(`columns.${field}.column`)}
          />
        </Group>
      ))}
      {form.errors.columns && (
        <Text size="xs" c="red" role="alert">
          {form.errors.columns}
        </Text>
      )}
    </Fieldset>
  );
}
