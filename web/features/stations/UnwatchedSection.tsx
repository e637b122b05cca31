import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StationList } from "#contract/stations.ts";
import { Facts } from "../../ui/Facts.tsx";
import { Section } from "../../ui/Section.tsx";

type UnwatchedSectionProps = {
  unwatched: StationList["unwatched"];
  cameraNames: ReadonlyMap<string, string>;
};

/** Cameras that nobody analyses, each with the reason. */
export function UnwatchedSection({ unwatched, cameraNames }: UnwatchedSectionProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("stations.unwatched.title")} icon={IconEyeOff}>
      {unwatched.length === 0 ? (
        <Text size="sm">{t("stations.unwatched.none")}</Text>
      ) : (
        <Facts
          facts={unwatched.map(({ cameraId, reason }) => ({
            name: cameraNames.get(cameraId) ?? t("stations.unknownCamera"),
            value: t(`stations.unwatched.${reason}`),
          }))}
        />
      )}
    </Section>
  );
}
