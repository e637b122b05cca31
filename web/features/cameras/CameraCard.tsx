import { ActionIcon, Badge, Button, Card, Group, Text } from "@mantine/core";
import { IconPencil, IconPolygon, IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CameraHealth } from "#contract/camera-health.ts";
import type { Camera } from "#contract/cameras.ts";
import { CameraCondition } from "./CameraCondition.tsx";
import { CameraFigures } from "./CameraFigures.tsx";
import classes from "./camera-cards.module.css";
import { conditionOf } from "./camera-condition.ts";

type CameraCardProps = {
  camera: Camera;
  /** Undefined before the gateway told it. */
  health: CameraHealth | undefined;
  onEdit: (camera: Camera) => void;
  onRemove: (camera: Camera) => void;
};

/** Drawn again only when its own camera changes. */
export const CameraCard = memo(function CameraCard({ camera, health, onEdit, onRemove }: CameraCardProps) {
  const { t } = useTranslation();
  const { name, place, mainAddress, state } = camera;
  return (
    <Card component="li" withBorder radius="lg" padding="md" aria-label={name} className={classes.card ?? ""}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap={8}>
            <Text fw={650} truncate>
              {name}
            </Text>
            {camera.demo && <Badge variant="light">{t("cameras.demoBadge")}</Badge>}
            {!camera.analysed && (
              <Badge variant="light" color="gray">
                {t("cameras.notAnalysed")}
              </Badge>
            )}
          </Group>
          {place !== "" && (
            <Text size="sm" c="dimmed">
              {place}
            </Text>
          )}
        </div>
        <Group gap={0} wrap="nowrap">
          <ActionIcon onClick={() => onEdit(camera)} aria-label={t("cameras.editLabel", { name })}>
            <IconPencil size={20} />
          </ActionIcon>
          <ActionIcon
            color="red"
            onClick={() => onRemove(camera)}
            aria-label={t("cameras.removeLabel", { name })}
          >
            <IconTrash size={20} />
          </ActionIcon>
        </Group>
      </Group>
      <Text size="xs" c="dimmed" ff="monospace" truncate mt="xs">
        {mainAddress}
        {state.status === "online" && state.format.widthPx !== undefined && (
          <Text span ff="text">{` · ${state.format.widthPx} × ${state.format.heightPx}`}</Text>
        )}
      </Text>
      <CameraCondition cameraId={camera.id} condition={conditionOf(state, health)} />
      {health && <CameraFigures health={health} />}
      <Button
        component={Link}
        to={`/cameras/${camera.id}/zones`}
        variant="default"
        mt="md"
        leftSection={<IconPolygon size={18} />}
        aria-label={t("zones.titleOf", { name })}
      >
        {t("zones.title")}
      </Button>
    </Card>
  );
});
