import { Badge, Progress, Text } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MediaState } from "#contract/system.ts";
import { Section } from "../../ui/Section.tsx";

const COLOURS: Record<MediaState["status"], string> = {
  missing: "yellow",
  downloading: "blue",
  starting: "blue",
  running: "green",
  restarting: "yellow",
  failed: "red",
};

export function MediaSection({ media }: { media: MediaState }) {
  const { t } = useTranslation();
  const isRunning = media.status === "running";
  return (
    <Section
      title={t("system.media.title")}
      icon={IconBroadcast}
      aside={
        <Badge variant="light" color={COLOURS[media.status]}>
          {t(`system.media.status.${media.status}`)}
        </Badge>
      }
    >
      {media.status === "downloading" && (
        <Progress
          value={(media.progress ?? 0) * 100}
          aria-label={t("system.media.status.downloading")}
          mb="sm"
        />
      )}
      {media.reason !== undefined && (
        <Text size="sm" mb={4} style={{ overflowWrap: "anywhere" }}>
          {media.reason}
        </Text>
      )}
      <Text size="sm" {...(!isRunning && { c: "dimmed" })}>
        {t(isRunning ? "system.media.runningText" : "system.media.meanwhile")}
      </Text>
      {media.version !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("system.media.version", { version: media.version })}
        </Text>
      )}
    </Section>
  );
}
