import { Button, Group, Input, PasswordInput, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { SinkFormValues } from "./sink-form.ts";

type SecretFieldProps = {
  form: UseFormReturnType<SinkFormValues>;
  /** As the contract has it. */
  secret: string;
  label: string;
  description?: string;
  /** The gateway has one. */
  isSet: boolean;
};

/** A secret goes in and never comes out: kept, replaced or forgotten. */
export function SecretField({ form, secret, label, description, isSet }: SecretFieldProps) {
  const { t } = useTranslation();
  const fate = form.values.secrets[secret]?.fate ?? "replace";
  const become = (next: "keep" | "replace" | "forget") =>
    form.setFieldValue(`secrets.${secret}`, { fate: next, text: "" });
  const keepButton = isSet && (
    <Button
      variant="subtle"
      onClick={() => become("keep")}
      aria-label={t("deliveries.secret.keepLabel", { name: label })}
    >
      {t("deliveries.secret.keep")}
    </Button>
  );
  if (fate === "replace") {
    return (
      <div>
        <PasswordInput
          label={label}
          description={description}
          autoComplete="new-password"
          {...form.getInputProps(`secrets.${secret}.text`)}
        />
        {keepButton}
      </div>
    );
  }
  return (
    <Input.Wrapper label={label} description={description} labelElement="div">
      <Group gap="xs" mt={4}>
        <Text size="sm" w="100%" role="status">
          {t(fate === "keep" ? "deliveries.secret.isSet" : "deliveries.secret.willForget")}
        </Text>
        {fate === "forget" ? (
          keepButton
        ) : (
          <>
            <Button
              variant="default"
              onClick={() => become("replace")}
              aria-label={t("deliveries.secret.replaceLabel", { name: label })}
            >
              {t("deliveries.secret.replace")}
            </Button>
            <Button
              variant="subtle"
              color="red"
              onClick={() => become("forget")}
              aria-label={t("deliveries.secret.forgetLabel", { name: label })}
            >
              {t("deliveries.secret.forget")}
            </Button>
          </>
        )}
      </Group>
    </Input.Wrapper>
  );
}
