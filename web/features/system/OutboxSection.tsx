import { Button, Group, Text } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EvidenceStatus } from "../../hooks/use-evidence.ts";
import { useNow } from "../../hooks/use-now.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import type { OutboxLedger, SyncStatus } from "../../hooks/use-sync.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { Facts } from "../../ui/Facts.tsx";
import { Section } from "../../ui/Section.tsx";
import { StatusDot } from "../../ui/StatusDot.tsx";

type OutboxSectionProps = { sync: SyncStatus; pictures: EvidenceStatus; onFlush: () => void };

/** The ledger of this browser's events: what was made is acknowledged, waiting, refused, dropped or expired. */
export function OutboxSection({ sync, pictures, onFlush }: OutboxSectionProps) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const { created, acknowledged, waiting, parked, dropped, expired } = sync.ledger;
  return (
    <Section
      title={t("system.outbox.title")}
      icon={IconCloudUp}
      aside={
        waiting > 0 && (
          <Button variant="light" onClick={onFlush} loading={sync.flushing}>
            {t("sync.flush")}
          </Button>
        )
      }
    >
      <Facts
        facts={[
          { name: t("sync.created"), value: number(created) },
          { name: t("sync.acknowledged"), value: number(acknowledged) },
          { name: t("sync.waitingRow"), value: number(waiting) },
          { name: t("sync.parkedRow"), value: number(parked) },
          { name: t("sync.dropped"), value: number(dropped) },
          { name: t("sync.expired"), value: number(expired) },
        ]}
      />
      <Balance ledger={sync.ledger} />
      <Trouble sync={sync} />
      <Pictures pictures={pictures} />
    </Section>
  );
}

function Balance({ ledger }: { ledger: OutboxLedger }) {
  const { t } = useTranslation();
  const counted = ledger.acknowledged + ledger.waiting + ledger.parked + ledger.dropped + ledger.expired;
  const isBalanced = counted === ledger.created;
  return (
    <Group gap={8} mt="sm" wrap="nowrap">
      <StatusDot tone={isBalanced ? "good" : "bad"} />
      <Text size="sm">
        {isBalanced ? t("sync.balanced") : t("sync.unbalanced", { created: ledger.created, counted })}
      </Text>
    </Group>
  );
}

function Trouble({ sync }: { sync: SyncStatus }) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const nowMs = useNow();
  const { oldestWaitingAtMs, nextTryAtMs, lastError } = sync;
  return (
    <Text size="sm" c="dimmed" mt={4} component="div">
      {oldestWaitingAtMs !== null && (
        <div>{t("sync.oldest", { age: duration(nowMs - oldestWaitingAtMs) })}</div>
      )}
      {nextTryAtMs !== null && <div>{t("sync.nextTry", { wait: duration(nextTryAtMs - nowMs) })}</div>}
      {lastError !== null && <div>{t("sync.lastError", { error: lastError })}</div>}
    </Text>
  );
}

/** The pictures of events on their way; nothing before the first one. */
export function Pictures({ pictures }: { pictures: EvidenceStatus }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const { waiting, waitingBytes, sent, shed, refused, lastError } = pictures;
  if (waiting + sent + shed + refused === 0) return null;
  const size = { count: number(waiting), size: number(waitingBytes / 1_000_000) };
  return (
    <>
      <Text size="sm" fw={550} mt="md" mb={4}>
        {t("evidence.outbox.title")}
      </Text>
      <Facts
        facts={[
          { name: t("evidence.outbox.sent"), value: number(sent) },
          { name: t("sync.waitingRow"), value: waiting > 0 ? t("evidence.outbox.size", size) : number(0) },
          { name: t("evidence.outbox.shed"), value: number(shed) },
          { name: t("evidence.outbox.refused"), value: number(refused) },
        ]}
      />
      {waiting > 0 && lastError !== null && (
        <Text size="sm" c="dimmed" mt={4}>
          {t("sync.lastError", { error: lastError })}
        </Text>
      )}
    </>
  );
}
