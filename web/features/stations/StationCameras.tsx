import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Station } from "#contract/stations.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { StatusDot } from "../../ui/StatusDot.tsx";
import { isBehind } from "./station-list.ts";

type StationCamerasProps = {
  cameras: Station["cameras"];
  cameraNames: ReadonlyMap<string, string>;
};

/** The cameras of a device, each with the rate it gets and what is left out. */
export function StationCameras({ cameras, cameraNames }: StationCamerasProps) {
  const { t } = useTranslation();
  const number = useNumberWords();
  return (
    <ul style={{ listStyle: "none", padding: 0, margin: "12px 0 0" }} aria-label={t("stations.cameras")}>
      {cameras.map((camera) => {
        const { cameraId, askedPerS, reachedPerS, skippedPerS } = camera;
        const behind = isBehind(camera);
        return (
          <Group key={cameraId} component="li" justify="space-between" gap="0 12px" mih={28}>
            <Group gap={8} wrap="nowrap" style={{ minWidth: 0 }}>
              <StatusDot tone={behind ? "warn" : "good"} />
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {cameraNames.get(cameraId) ?? t("stations.unknownCamera")}
              </Text>
            </Group>
            <Text size="sm" c="dimmed">
              {t("stations.reached", { reached: number(reachedPerS), asked: number(askedPerS) })}
              {behind && ` · ${t("stations.skipped", { skipped: number(skippedPerS) })}`}
            </Text>
          </Group>
        );
      })}
    </ul>
  );
}
