import { Button, Card, Group, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { emptyInS } from "#contract/ledger.ts";
import type { Station } from "#contract/stations.ts";
import { useNow } from "../../hooks/use-now.ts";
import type { SyncStatus } from "../../hooks/use-sync.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { CardList } from "../../ui/CardList.tsx";
import { StatusDot, type Tone } from "../../ui/StatusDot.tsx";
import { DeliveryFacts } from "./DeliveryFacts.tsx";
import { LedgerFigures } from "./LedgerFigures.tsx";
import { useFailureWords } from "./use-failure-words.ts";

type HopOneProps = {
  sync: SyncStatus;
  /** Of this browser over the last minute; null while that cannot be told. */
  ratePerS: number | null;
  onFlush: () => void;
  /** Of the other browsers. */
  stations: Station[];
};

/** Where each browser's events are, this one first. */
export function HopOne({ sync, ratePerS, onFlush, stations }: HopOneProps) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="hop-one">
      <Title order={2} size="h4" id="hop-one">
        {t("deliveries.hopOne.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("deliveries.hopOne.text")}
      </Text>
      <CardList label={t("deliveries.hopOne.devices")}>
        <ThisDevice sync={sync} ratePerS={ratePerS} onFlush={onFlush} />
        {stations.map((station) => (
          <OtherDevice key={station.id} station={station} />
        ))}
      </CardList>
    </section>
  );
}

type ThisDeviceProps = { sync: SyncStatus; ratePerS: number | null; onFlush: () => void };

function ThisDevice({ sync, ratePerS, onFlush }: ThisDeviceProps) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const failureWords = useFailureWords();
  const nowMs = useNow();
  const { ledger, oldestWaitingAtMs, nextTryAtMs, online, flushing, lastError } = sync;
  const name = t("deliveries.hopOne.thisDevice");
  const oldestWaitingMs = oldestWaitingAtMs === null ? null : nowMs - oldestWaitingAtMs;

  function words(): { tone: Tone; text: string } {
    if (nextTryAtMs !== null)
      return {
        tone: "warn",
        text: t("deliveries.hopOne.nextTry", { wait: duration(nextTryAtMs - nowMs) }),
      };
    if (!online) return { tone: "warn", text: t("deliveries.hopOne.away") };
    if (ledger.waiting > 0) return { tone: "busy", text: t("deliveries.hopOne.sending") };
    if (ledger.parked > 0) return { tone: "warn", text: t("deliveries.hopOne.parked") };
    return { tone: "good", text: t("deliveries.hopOne.allSent") };
  }

  return (
    <DeviceCard name={name} {...words()}>
      <LedgerFigures name={name} ledger={ledger} />
      <DeliveryFacts
        oldestWaitingMs={oldestWaitingMs}
        ratePerS={ratePerS}
        emptyInS={emptyInS(ledger.waiting, ratePerS)}
      />
      {ledger.waiting > 0 && lastError !== null && (
        <Text size="sm" c="dimmed" mt={4}>
          {t("deliveries.hopOne.lastError", { error: failureWords(lastError) })}
        </Text>
      )}
      <Group gap="xs" mt={ledger.waiting + ledger.parked > 0 ? "sm" : 0}>
        {ledger.waiting > 0 && (
          <Button variant="light" onClick={onFlush} loading={flushing}>
            {t("deliveries.hopOne.flush")}
          </Button>
        )}
        {ledger.parked > 0 && (
          <Button
            variant="default"
            component={Link}
            to="/deliveries/here/parked"
            leftSection={
              <IconAlertTriangle size={18} color="var(--mantine-color-orange-filled)" aria-hidden />
            }
          >
            {t("deliveries.action.parked", { count: ledger.parked })}
          </Button>
        )}
      </Group>
    </DeviceCard>
  );
}

function OtherDevice({ station }: { station: Station }) {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const { name, isHere, ledger, heardAgoMs } = station;
  const waits = (ledger?.waiting ?? 0) > 0;

  function words(): { tone: Tone; text: string } {
    if (!ledger) return { tone: "quiet", text: t("deliveries.hopOne.noLedger") };
    if (waits)
      return isHere
        ? { tone: "busy", text: t("deliveries.hopOne.waiting") }
        : { tone: "warn", text: t("deliveries.hopOne.silent") };
    if (ledger.parked > 0) return { tone: "warn", text: t("deliveries.hopOne.parkedThere") };
    return isHere
      ? { tone: "good", text: t("deliveries.hopOne.allSent") }
      : { tone: "quiet", text: t("deliveries.hopOne.silentDone") };
  }

  return (
    <DeviceCard name={name} {...words()}>
      {ledger && (
        <>
          <LedgerFigures name={name} ledger={ledger} />
          <DeliveryFacts oldestWaitingMs={ledger.oldestWaitingMs} />
          {!isHere && heardAgoMs !== null && (
            <Text size="sm" c="dimmed" mt={4}>
              {t("deliveries.hopOne.saidAgo", { age: duration(heardAgoMs) })}
            </Text>
          )}
        </>
      )}
    </DeviceCard>
  );
}

type DeviceCardProps = { name: string; tone: Tone; text: string; children: ReactNode };

function DeviceCard({ name, tone, text, children }: DeviceCardProps) {
  return (
    <Card component="li" withBorder radius="lg" padding="md" aria-label={name}>
      <Text fw={650} style={{ overflowWrap: "anywhere" }}>
        {name}
      </Text>
      <Group gap={8} wrap="nowrap" align="baseline">
        <StatusDot tone={tone} />
        <Text size="sm">{text}</Text>
      </Group>
      {children}
    </Card>
  );
}
