import { Code, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../../hooks/use-cameras.ts";
import { useHealth } from "../../../hooks/use-health.ts";
import { CheckField } from "./CheckField.tsx";
import { exampleTopic, linesIn } from "./form-text.ts";
import type { TargetFieldsProps } from "./target-fields.ts";
import { UserFields } from "./UserFields.tsx";

export function MqttFields({ form, secretsSet }: TargetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <UserFields form={form} secretsSet={secretsSet} />
      <Textarea
        label={t("deliveries.form.topics")}
        description={t("deliveries.form.topicsText")}
        required
        autosize
        minRows={1}
        spellCheck={false}
        autoCapitalize="off"
        {...form.getInputProps("topics")}
      />
      <TopicExample templates={form.values.topics} />
    </>
  );
}

/** The topics of a queue at the first camera. */
function TopicExample({ templates }: { templates: string }) {
  const { t } = useTranslation();
  const cameras = useCameras();
  const storeId = useHealth()?.storeId;
  const camera = cameras.status === "ready" ? cameras.cameras[0] : undefined;
  const event = {
    event_name: "queue.detected" as const,
    ...(storeId && { store_id: storeId }),
    ...(camera && { camera_id: camera.id }),
  };
  return (
    <div aria-live="polite">
      <Text size="xs" c="dimmed">
        {t("deliveries.form.topicExample", { camera: camera?.name ?? t("deliveries.form.anyCamera") })}
      </Text>
      {linesIn(templates).map((template, index) => (
        <Code key={index} block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} mt={4}>
          {exampleTopic(template, event)}
        </Code>
      ))}
    </div>
  );
}

export function MoreMqttFields({ form }: Pick<TargetFieldsProps, "form">) {
  const { t } = useTranslation();
  return (
    <>
      <CheckField
        label={t("deliveries.form.retainsState")}
        description={t("deliveries.form.retainsStateText")}
        {...form.getInputProps("retainsState", { type: "checkbox" })}
      />
      <TextInput
        label={t("deliveries.form.clientId")}
        description={t("deliveries.form.clientIdText")}
        {...form.getInputProps("clientId")}
      />
    </>
  );
}
