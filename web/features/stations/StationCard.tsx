import { ActionIcon, Badge, Button, Card, Group, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Station } from "#contract/stations.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { type Fact, Facts } from "../../ui/Facts.tsx";
import { StationCameras } from "./StationCameras.tsx";
import { crowdedOut, useOf } from "./station-list.ts";

type StationCardProps = {
  station: Station;
  isThisDevice: boolean;
  cameraNames: ReadonlyMap<string, string>;
  onRename: () => void;
  onForget: () => void;
};

/** One device: whether it is here, what it bears and does, and its cameras. */
export function StationCard({ station, isThisDevice, cameraNames, onRename, onForget }: StationCardProps) {
  const { t } = useTranslation();
  const { name, isHere, cameras } = station;
  return (
    <Card component="li" withBorder radius="lg" padding="md" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Group gap={8} style={{ minWidth: 0 }}>
          <Text fw={650} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          {isThisDevice && <Badge variant="light">{t("stations.thisDevice")}</Badge>}
          <Badge variant="light" color={isHere ? "green" : "gray"}>
            {t(isHere ? "stations.here" : "stations.silent")}
          </Badge>
        </Group>
        <ActionIcon onClick={onRename} aria-label={t("stations.renameLabel", { name })}>
          <IconPencil size={20} />
        </ActionIcon>
      </Group>
      <StationFacts station={station} />
      {cameras.length > 0 && <StationCameras cameras={cameras} cameraNames={cameraNames} />}
      {!isHere && (
        <Button variant="default" size="xs" mt="sm" onClick={onForget} style={{ alignSelf: "flex-start" }}>
          {t("stations.forget")}
        </Button>
      )}
    </Card>
  );
}

function StationFacts({ station }: { station: Station }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const { duration } = useTimeWords();
  const { isHere, heardAgoMs, cameras, capacity, picturesPerS, msPerPicture, model } = station;
  const crowded = isHere ? crowdedOut(cameras).length : 0;
  const facts: Fact[] = [
    {
      name: t("stations.load"),
      value: crowded > 0 ? t("stations.loadCrowded", { cameras: cameras.length, crowded }) : cameras.length,
    },
  ];
  if (isHere) {
    const percent = Math.round(useOf(station) * 100);
    facts.push({ name: t("stations.use"), value: t("stations.useOf", { percent, count: capacity }) });
    facts.push({ name: t("stations.rate"), value: number(picturesPerS) });
    facts.push({ name: t("stations.cost"), value: `${number(msPerPicture)} ms` });
    facts.push({ name: t("stations.model"), value: model });
  }
  if (heardAgoMs !== null) {
    facts.push({ name: t("stations.heard"), value: t("stations.heardAgo", { age: duration(heardAgoMs) }) });
  }
  return <Facts facts={facts} />;
}
