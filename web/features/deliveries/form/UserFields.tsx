import { SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SecretField } from "./SecretField.tsx";
import type { TargetFieldsProps } from "./target-fields.ts";

/** User and password of a broker. */
export function UserFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput
        label={t("deliveries.form.username")}
        autoComplete="off"
        {...form.getInputProps("username")}
      />
      <SecretField
        form={form}
        secret="password"
        label={t("deliveries.form.password")}
        isSet={secretsSet.includes("password")}
      />
    </SimpleGrid>
  );
}
