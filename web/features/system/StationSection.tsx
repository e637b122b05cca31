import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { type StageMs, type StationStatus, useMeasureAgain } from "../../hooks/use-station.ts";
import { Facts } from "../../ui/Facts.tsx";
import { Section } from "../../ui/Section.tsx";
import { CameraRates } from "./CameraRates.tsx";

const COLOURS = { stopped: "gray", starting: "blue", elsewhere: "gray", running: "green", failed: "yellow" };

/** Failures whose message says more than the words for their code. */
const TECHNICAL = ["model_unavailable", "crashed"];

/** In the order in which a picture goes through them. */
const STAGES = ["decode", "copy", "gate", "letterbox", "inference", "head"] as const;

export function StationSection({ station }: { station: StationStatus }) {
  const { t } = useTranslation();
  return (
    <Section
      title={t("system.station.title")}
      icon={IconEye}
      aside={
        <Badge variant="light" color={COLOURS[station.status]}>
          {t(`station.${station.status}`)}
        </Badge>
      }
    >
      <StationWords station={station} />
      <Anchor component={Link} to="/stations" size="sm" mt="sm" display="inline-block">
        {t("stations.show")}
      </Anchor>
    </Section>
  );
}

function stageWords(stageMs: StageMs, t: TFunction, number: (value: number) => string): string {
  return STAGES.map((stage) => `${t(`cameraRates.stage.${stage}`)} ${number(stageMs[stage])}`).join(" · ");
}

function StationWords({ station }: { station: StationStatus }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const fine = useNumberWords(2);
  const measureAgain = useMeasureAgain();
  switch (station.status) {
    case "running":
      return (
        <>
          <Facts
            facts={[
              { name: t("system.station.fact.model"), value: station.model },
              { name: t("system.station.fact.provider"), value: station.executionProvider },
              { name: t("system.station.fact.rate"), value: number(station.picturesPerSecond) },
              { name: t("system.station.fact.cost"), value: `${number(station.msPerPicture)} ms` },
              { name: t("cameraRates.stages"), value: stageWords(station.stageMs, t, fine) },
              {
                name: t("system.station.fact.capacity"),
                value:
                  station.capacity === null
                    ? t("system.station.capacityUnknown")
                    : t("system.station.capacity", { count: station.capacity }),
              },
            ]}
          />
          <CameraRates rates={station.cameras} />
          <Group gap="sm" mt="sm">
            <Button size="compact-sm" variant="default" onClick={measureAgain} style={{ flex: "none" }}>
              {t("system.station.measureAgain")}
            </Button>
            <Text size="xs" c="dimmed" style={{ flex: 1, minWidth: "12rem" }}>
              {t("system.station.measureAgainText")}
            </Text>
          </Group>
        </>
      );
    case "failed":
      return (
        <>
          <Text size="sm">{t(`station.failure.${station.code}`)}</Text>
          {TECHNICAL.includes(station.code) && (
            <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
              {station.message}
            </Text>
          )}
        </>
      );
    case "elsewhere":
      return <Text size="sm">{t("system.station.elsewhereText")}</Text>;
    case "starting":
      return (
        <Text size="sm">
          {t(station.measuring ? "system.station.measuringText" : "system.station.noModelText")}
        </Text>
      );
    case "stopped":
      return <Text size="sm">{t("system.station.noModelText")}</Text>;
  }
}
