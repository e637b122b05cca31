import { Button, Card, Text } from "@mantine/core";
import { IconCamera, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../hooks/use-cameras.ts";
import { useGatewayLink } from "../../hooks/use-health.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { LiveGrid } from "./grid/LiveGrid.tsx";
import classes from "./live-screen.module.css";

/** `addCamera` is the form that stands here while there is no camera. */
export function LiveScreen({ addCamera }: { addCamera: ReactNode }) {
  const { t } = useTranslation();
  const list = useCameras();
  const link = useGatewayLink();
  if (list.status === "loading") return <Waiting label={t("common.loading")} />;
  if (list.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("live.failedTitle")} text={t("live.emptyAway")}>
        <Button onClick={list.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (list.cameras.length > 0) return <LiveGrid cameras={list.cameras} />;
  return (
    <div className={classes.empty}>
      <Emptiness icon={IconCamera} title={t("live.emptyTitle")} text={t("live.emptyText")} />
      {link === "here" && (
        <Card withBorder radius="lg" padding="lg">
          {addCamera}
        </Card>
      )}
      <Text c="dimmed" size="sm" ta="center" px="md" my="lg">
        {t("live.emptyDemo")}
      </Text>
    </div>
  );
}
