import { ActionIcon, Popover, SegmentedControl, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language, useLanguage } from "../hooks/use-language.ts";

export function SettingsMenu() {
  const { t } = useTranslation();
  const { language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = (["auto", "light", "dark"] as const).map((value) => ({
    value,
    label: t(`settings.${value}`),
  }));
  return (
    <Popover position="bottom-end" shadow="md" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon color="gray" aria-label={t("settings.label")}>
          <IconAdjustmentsHorizontal size={22} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t("settings.language")}
          </Text>
          <SegmentedControl<Language>
            data={LANGUAGES}
            value={language}
            onChange={choose}
            aria-label={t("settings.language")}
          />
          <Text size="sm" fw={600}>
            {t("settings.appearance")}
          </Text>
          <SegmentedControl
            data={schemes}
            value={colorScheme}
            onChange={setColorScheme}
            aria-label={t("settings.appearance")}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
