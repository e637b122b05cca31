import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAdjustments, IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SettingList } from "#contract/settings.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useSettings, useSettingsChange } from "../../hooks/use-settings.ts";
import { Section } from "../../ui/Section.tsx";
import { SettingField } from "./SettingField.tsx";
import { checkDrafts, type Drafts, SHOWN } from "./settings-form.ts";

/** The few settings of the gateway that a shop changes; the file and the variables hold them all. */
export function SettingsSection() {
  const { t } = useTranslation();
  const { settings, isKnown } = useSettings();
  return (
    <Section title={t("config.title")} icon={IconAdjustments}>
      {settings ? (
        <SettingsForm present={settings} />
      ) : (
        <Text size="sm" c="dimmed">
          {t(isKnown ? "config.failed" : "common.loading")}
        </Text>
      )}
    </Section>
  );
}

export function SettingsForm({ present: { file, isFileWritable, settings } }: { present: SettingList }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const change = useSettingsChange();
  const [drafts, setDrafts] = useState<Drafts>({});
  const checked = checkDrafts(settings, drafts);
  const wrong = checked.status === "wrong" ? checked.keys : [];
  const isDirty = checked.status === "wrong" || Object.keys(checked.values).length > 0;

  function save() {
    if (checked.status !== "ok") return;
    change.mutate(checked.values, {
      onSuccess() {
        setDrafts({});
        notifications.show({ message: t("config.saved"), color: "green" });
      },
    });
  }

  function undo() {
    setDrafts({});
    change.reset();
  }

  return (
    <form
      noValidate
      aria-label={t("config.title")}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        {!isFileWritable && (
          <Alert color="yellow" icon={<IconAlertTriangle />}>
            {t("config.readOnly", { file })}
          </Alert>
        )}
        {SHOWN.map((shown) => {
          const setting = settings.find(({ key }) => key === shown.key);
          return (
            setting && (
              <SettingField
                key={shown.key}
                setting={setting}
                shown={shown}
                draft={drafts[shown.key]}
                isWrong={wrong.includes(shown.key)}
                isLocked={!isFileWritable}
                onChange={(value) => setDrafts((before) => ({ ...before, [shown.key]: value }))}
              />
            )
          );
        })}
        {change.error && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {say(change.error)}
          </Alert>
        )}
        {isDirty && (
          <Group justify="flex-end">
            <Button variant="default" onClick={undo}>
              {t("zones.undo")}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={wrong.length > 0}>
              {t("common.save")}
            </Button>
          </Group>
        )}
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {t("config.where", { file })}
        </Text>
      </Stack>
    </form>
  );
}
