import { ActionIcon, Badge, Button, Group, Text } from "@mantine/core";
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

/** Drawn again only when its own camera changes, and then only what changed: figures of all cameras come every minute. */
export const CameraCard = memo(function CameraCard({ camera, health, onEdit, onRemove }: CameraCardProps) {
  return (
    <li className={classes.card} aria-label={camera.name}>
      <CardHead camera={camera} onEdit={onEdit} onRemove={onRemove} />
      <CameraCondition cameraId={camera.id} {...conditionOf(camera.state, health)} />
      {health && <CameraFigures health={health} />}
      <ZonesLink id={camera.id} name={camera.name} />
    </li>
  );
});

const CardHead = memo(function CardHead({ camera, onEdit, onRemove }: Omit<CameraCardProps, "health">) {
  const { t } = useTranslation();
  const { name, place, mainAddress, state } = camera;
  return (
    <>
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
    </>
  );
});

const ZonesLink = memo(function ZonesLink({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  return (
    <Button
      component={Link}
      to={`/cameras/${id}/zones`}
      variant="default"
      mt="md"
      leftSection={<IconPolygon size={18} />}
      aria-label={t("zones.titleOf", { name })}
    >
      {t("zones.title")}
    </Button>
  );
});
