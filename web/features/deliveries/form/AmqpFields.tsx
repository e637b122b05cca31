import { SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TargetFieldsProps } from "./target-fields.ts";
import { UserFields } from "./UserFields.tsx";

export function AmqpFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <UserFields form={form} secretsSet={secretsSet} />
      <TextInput
        label={t("deliveries.form.exchange")}
        description={t("deliveries.form.exchangeText")}
        required
        {...form.getInputProps("exchange")}
      />
    </>
  );
}

export function MoreAmqpFields({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput
        label={t("deliveries.form.visionExchange")}
        required
        {...form.getInputProps("visionExchange")}
      />
      <TextInput
        label={t("deliveries.form.cameraExchange")}
        required
        {...form.getInputProps("cameraExchange")}
      />
    </SimpleGrid>
  );
}
