import { Button, Card, Checkbox, Code, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../../hooks/use-cameras.ts";
import { useEventNames } from "../../../hooks/use-event-names.ts";
import { useNow } from "../../../hooks/use-now.ts";
import { useTimeWords } from "../../../hooks/use-time-words.ts";
import { Facts } from "../../../ui/Facts.tsx";
import { TroubleNote } from "../TroubleNote.tsx";
import classes from "./parked.module.css";
import type { ParkedItem } from "./parked-source.ts";

type ParkedCardProps = {
  item: ParkedItem;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  onCorrect: () => void;
};

/** One event, why it was refused, and everything that is known of it. */
export function ParkedCard({ item, isChosen, onChoose, onCorrect }: ParkedCardProps) {
  const { t } = useTranslation();
  const { moment } = useTimeWords();
  const nowMs = useNow();
  const nameOf = useEventNames();
  const { event, parkedAtMs } = item;
  const name = event ? nameOf(event.event_name) : t("deliveries.parked.broken");
  const time = moment(event ? Date.parse(event.ts) : parkedAtMs, nowMs);
  return (
    <Card component="li" withBorder radius="md" padding="sm">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the box inside has its own name; this only widens it */}
        <label className={classes.choice}>
          <Checkbox
            size="md"
            aria-label={t("deliveries.parked.choose", { name, time })}
            checked={isChosen}
            onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
          />
        </label>
        <div className={classes.words}>
          <Group justify="space-between" gap="0 12px">
            <Text fw={650}>{name}</Text>
            <Text size="sm" c="dimmed">
              <CameraName cameraId={event?.camera_id} />
              {time}
            </Text>
          </Group>
          <TroubleNote told={item} code={item.code} />
          <details className={classes.details}>
            <summary>{t("deliveries.parked.details")}</summary>
            <Details item={item} />
          </details>
          {item.isCorrectable && (
            <Button
              variant="default"
              onClick={onCorrect}
              aria-label={t("deliveries.parked.correctLabel", { name, time })}
            >
              {t("deliveries.parked.correct")}
            </Button>
          )}
        </div>
      </Group>
    </Card>
  );
}

function CameraName({ cameraId }: { cameraId: string | undefined }) {
  const { t } = useTranslation();
  const cameras = useCameras();
  if (!cameraId || cameras.status !== "ready") return null;
  const name = cameras.cameras.find(({ id }) => id === cameraId)?.name ?? t("events.unknownCamera");
  return <>{name} · </>;
}

function Details({ item: { event, json, exchange, parkedAtMs } }: { item: ParkedItem }) {
  const { t } = useTranslation();
  const { moment } = useTimeWords();
  const nowMs = useNow();
  return (
    <>
      <Facts
        facts={[
          { name: t("deliveries.parked.parkedAt"), value: moment(parkedAtMs, nowMs) },
          ...(exchange ? [{ name: t("deliveries.parked.attempts"), value: exchange.attempts }] : []),
        ]}
      />
      {exchange && (
        <>
          <Block title={t("deliveries.parked.request")} text={exchange.request} />
          <Block title={t("deliveries.parked.answer")} text={exchange.answer} />
        </>
      )}
      <Block title={t("deliveries.parked.event")} text={event ? JSON.stringify(event, null, 2) : json} />
    </>
  );
}

function Block({ title, text }: { title: string; text: string }) {
  return (
    <>
      <Text size="xs" c="dimmed" mt="xs">
        {title}
      </Text>
      <Code block className={classes.block ?? ""} tabIndex={0} aria-label={title}>
        {text}
      </Code>
    </>
  );
}
