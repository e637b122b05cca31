import { Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { CameraFault } from "#contract/cameras.ts";
import { useCameraRetry } from "../../hooks/use-cameras.ts";
import { useHealthWords } from "../../hooks/use-health-words.ts";
import { useClock } from "../../hooks/use-now.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { StatusDot, type Tone } from "../../ui/StatusDot.tsx";
import type { Condition } from "./camera-condition.ts";

const TONES: Record<Condition["status"], Tone> = {
  unknown: "quiet",
  connecting: "busy",
  online: "good",
  degraded: "warn",
  frozen: "bad",
  offline: "bad",
  unauthorized: "bad",
};

type CameraConditionProps = Condition & { cameraId: string };

/** How a camera is, since when, and, where it is not well, why and what to do. */
export const CameraCondition = memo(function CameraCondition(props: CameraConditionProps) {
  const { cameraId, status, reason, sinceAtMs, trouble } = props;
  const { sentence } = useHealthWords();
  return (
    <Group gap={10} mt="sm" wrap="nowrap" align="baseline" data-status={status}>
      <StatusDot tone={TONES[status]} />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {sentence(status, reason)}
        </Text>
        {sinceAtMs !== null && <Since atMs={sinceAtMs} />}
        {trouble && <Remedy cameraId={cameraId} reason={reason} trouble={trouble} />}
      </div>
    </Group>
  );
});

/** Alone in its component, and drawn again only when its words are others: of an hour ago, once an hour. */
function Since({ atMs }: { atMs: number }) {
  const { t } = useTranslation();
  const { moment, duration, exactly } = useTimeWords();
  const words = useClock((nowMs) =>
    t("cameras.since", { moment: moment(atMs, nowMs), duration: duration(nowMs - atMs) }),
  );
  return (
    <Text size="xs" c="dimmed" title={exactly(atMs)}>
      {words}
    </Text>
  );
}

type Trouble = NonNullable<Condition["trouble"]>;
type RemedyProps = { cameraId: string; reason: Condition["reason"]; trouble: Trouble };

function Remedy({ cameraId, reason, trouble }: RemedyProps) {
  const { t } = useTranslation();
  const retry = useCameraRetry();
  const fault = CameraFault.safeParse(reason).data;
  if (!fault) return null;
  return (
    <>
      <Text size="sm" mt={6}>
        {t(`fault.${fault}.hint`)} <NextTry trouble={trouble} />
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {t("form.technical", { detail: trouble.detail })}
      </Text>
      <Button
        mt="xs"
        variant="light"
        leftSection={<IconRefresh size={18} />}
        loading={retry.isPending}
        onClick={() => retry.mutate(cameraId)}
      >
        {t("cameras.tryNow")}
      </Button>
    </>
  );
}

function NextTry({ trouble }: { trouble: Trouble }) {
  const { t } = useTranslation();
  const { moment } = useTimeWords();
  const { nextTryAtMs, isLeftAlone } = trouble;
  const next = useClock((nowMs) => (nextTryAtMs === null ? null : moment(nextTryAtMs, nowMs)));
  if (next === null) return t("live.waitsForPerson");
  return isLeftAlone ? t("cameras.leftAlone", { moment: next }) : t("live.retries");
}
