import { ActionIcon, Badge, Button, Card, Group, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Sink } from "#contract/sinks.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useSinkChanges } from "../../hooks/use-sinks.ts";
import { StatusDot } from "../../ui/StatusDot.tsx";
import { DeliveryFacts } from "./DeliveryFacts.tsx";
import { LedgerFigures } from "./LedgerFigures.tsx";
import { SinkTestButton } from "./SinkTestButton.tsx";
import { TroubleNote } from "./TroubleNote.tsx";
import { useSinkWords } from "./use-sink-words.ts";

type SinkCardProps = { sink: Sink; onEdit: () => void; onRemove: () => void };

/** One receiving end: how it does, its ledger, and what can be done. */
export function SinkCard({ sink, onEdit, onRemove }: SinkCardProps) {
  const { t } = useTranslation();
  const { id, name, target, ledger, state } = sink;
  const { tone, text } = useSinkWords()(sink);
  return (
    <Card component="li" withBorder radius="lg" padding="md" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap={8}>
            <Text fw={650} style={{ overflowWrap: "anywhere" }}>
              {name}
            </Text>
            <Badge variant="light" miw="max-content">
              {t(`deliveries.kind.${target.kind}`)}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {target.url}
          </Text>
        </div>
        <Group gap={0} wrap="nowrap" mt={-6} mr={-6}>
          <ActionIcon onClick={onEdit} aria-label={t("deliveries.action.change", { name })}>
            <IconPencil size={20} />
          </ActionIcon>
          <ActionIcon color="red" onClick={onRemove} aria-label={t("deliveries.action.remove", { name })}>
            <IconTrash size={20} />
          </ActionIcon>
        </Group>
      </Group>
      <Group gap={8} wrap="nowrap" align="baseline" mt={4}>
        <StatusDot tone={tone} />
        <Text size="sm" fw={550}>
          {text}
        </Text>
      </Group>
      {"reason" in state && state.reason !== undefined && (
        <TroubleNote told={{ reason: state.reason, trouble: state.trouble }} />
      )}
      <LedgerFigures name={name} ledger={ledger} />
      <DeliveryFacts {...sink} />
      <Group gap="xs" mt="sm" align="flex-start">
        {ledger.parked > 0 && (
          <Button
            variant="default"
            component={Link}
            to={`/deliveries/${id}/parked`}
            leftSection={
              <IconAlertTriangle size={18} color="var(--mantine-color-orange-filled)" aria-hidden />
            }
          >
            {t("deliveries.action.parked", { count: ledger.parked })}
          </Button>
        )}
        {sink.isEnabled && <PauseButton sink={sink} />}
        <SinkTestButton sink={sink} />
      </Group>
    </Card>
  );
}

function PauseButton({ sink: { id, name, isPaused } }: { sink: Sink }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { pause } = useSinkChanges();
  const key = isPaused ? "resume" : "pause";
  const IconOf = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconOf size={18} aria-hidden />}
        aria-label={t(`deliveries.action.${key}Label`, { name })}
        loading={pause.isPending}
        onClick={() => pause.mutate({ id, isPaused: !isPaused })}
      >
        {t(`deliveries.action.${key}`)}
      </Button>
      {pause.error && (
        <Text size="sm" c="red" role="alert">
          {say(pause.error)}
        </Text>
      )}
    </>
  );
}
