import { Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconDeviceDesktop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { BrowserAbilities } from "../../hooks/use-browser-abilities.ts";
import { Section } from "../../ui/Section.tsx";

const ABILITIES = ["secure", "codecs", "threads", "offline", "storage"] as const;

export function BrowserSection({ abilities }: { abilities: BrowserAbilities }) {
  const { t } = useTranslation();
  const rows = ABILITIES.map((name) => {
    const isThere = abilities[name] === true;
    const IconOf = isThere ? IconCircleCheck : IconCircleX;
    return (
      <Group key={name} component="li" gap="sm" wrap="nowrap" align="flex-start">
        <IconOf
          size={20}
          color={`var(--mantine-color-${isThere ? "green" : "yellow"}-filled)`}
          role="img"
          aria-label={t(isThere ? "common.yes" : "common.no")}
          style={{ flex: "none" }}
        />
        <Text size="sm">
          {t(`system.browser.${name}`)}
          <Text span size="sm" c="dimmed">
            {` · ${t(`system.browser.${name}Text`)}`}
          </Text>
        </Text>
      </Group>
    );
  });
  return (
    <Section title={t("system.browser.title")} icon={IconDeviceDesktop}>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
        {rows}
      </Stack>
    </Section>
  );
}
