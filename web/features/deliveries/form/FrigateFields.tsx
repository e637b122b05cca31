import { Fieldset, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../../hooks/use-cameras.ts";
import { SecretField } from "./SecretField.tsx";
import type { TargetFieldsProps } from "./target-fields.ts";

export function FrigateFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SecretField
        form={form}
        secret="authorization"
        label={t("deliveries.form.authorization")}
        description={t("deliveries.form.authorizationText")}
        isSet={secretsSet.includes("authorization")}
      />
      <CameraNames form={form} />
    </>
  );
}

function CameraNames({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  const list = useCameras();
  const cameras = list.status === "ready" ? list.cameras : [];
  return (
    <Fieldset legend={t("deliveries.form.cameras")}>
      <Text size="xs" c="dimmed" mb="xs">
        {t(cameras.length > 0 ? "deliveries.form.camerasText" : "deliveries.form.noCameras")}
      </Text>
      {cameras.map(({ id, name }) => (
        <TextInput
          key={id}
          mb="xs"
          label={name}
          autoCapitalize="off"
          spellCheck={false}
          {...form.getInputProps(`cameras.${id}`)}
          value={form.values.cameras[id] ?? ""}
        />
      ))}
    </Fieldset>
  );
}
