import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CheckField } from "./CheckField.tsx";
import { SecretField } from "./SecretField.tsx";
import type { TargetFieldsProps } from "./target-fields.ts";

export function HttpFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <CheckField
        label={t("deliveries.form.isHub")}
        description={t("deliveries.form.isHubText")}
        {...form.getInputProps("isHub", { type: "checkbox" })}
      />
      <SecretField
        form={form}
        secret="hmacKey"
        label={t("deliveries.form.hmacKey")}
        description={t("deliveries.form.hmacKeyText")}
        isSet={secretsSet.includes("hmacKey")}
      />
      <SecretField
        form={form}
        secret="authorization"
        label={t("deliveries.form.authorization")}
        description={t("deliveries.form.authorizationText")}
        isSet={secretsSet.includes("authorization")}
      />
    </>
  );
}

/** What few receivers need. */
export function MoreHttpFields({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  return (
    <>
      <Textarea
        label={t("deliveries.form.headers")}
        description={t("deliveries.form.headersText")}
        autosize
        minRows={2}
        spellCheck={false}
        {...form.getInputProps("headers")}
      />
      <CheckField
        label={t("deliveries.form.isGzipped")}
        description={t("deliveries.form.isGzippedText")}
        {...form.getInputProps("isGzipped", { type: "checkbox" })}
      />
    </>
  );
}
