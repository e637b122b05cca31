import { ActionIcon, Badge, Card, Group, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Camera, CameraState } from "#contract/cameras.ts";
import { StatusDot, type Tone } from "../../ui/StatusDot.tsx";

type CameraCardProps = { camera: Camera; onEdit: () => void; onRemove: () => void };

export function CameraCard({ camera, onEdit, onRemove }: CameraCardProps) {
  const { t } = useTranslation();
  const { name, place, mainAddress } = camera;
  return (
    <Card component="li" withBorder radius="lg" padding="md" aria-label={name}>
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
          <ActionIcon onClick={onEdit} aria-label={t("cameras.editLabel", { name })}>
            <IconPencil size={20} />
          </ActionIcon>
          <ActionIcon color="red" onClick={onRemove} aria-label={t("cameras.removeLabel", { name })}>
            <IconTrash size={20} />
          </ActionIcon>
        </Group>
      </Group>
      <Text size="xs" c="dimmed" ff="monospace" truncate mt="xs">
        {mainAddress}
      </Text>
      <StateLine state={camera.state} />
    </Card>
  );
}

const TONES: Record<CameraState["status"], Tone> = {
  unknown: "quiet",
  connecting: "busy",
  online: "good",
  down: "bad",
};

function StateLine({ state }: { state: CameraState }) {
  const { t } = useTranslation();
  const isDown = state.status === "down";
  return (
    <Group gap={8} mt="sm" wrap="nowrap" align="baseline">
      <StatusDot tone={TONES[state.status]} />
      <div>
        <Text size="sm" fw={550}>
          {isDown ? t(`fault.${state.fault}.title`) : t(`cameraState.${state.status}`)}
          {state.status === "online" && state.format.widthPx !== undefined && (
            <Text span c="dimmed" fw={400}>
              {` · ${state.format.widthPx} × ${state.format.heightPx}`}
            </Text>
          )}
        </Text>
        {isDown && (
          <>
            <Text size="sm" c="dimmed">
              {t(`fault.${state.fault}.hint`)}{" "}
              {t(state.nextTryAtMs === undefined ? "live.waitsForPerson" : "live.retries")}
            </Text>
            <Text size="xs" c="dimmed">
              {t("form.technical", { detail: state.detail })}
            </Text>
          </>
        )}
      </div>
    </Group>
  );
}
