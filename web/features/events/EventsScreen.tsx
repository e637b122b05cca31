import { Button, Center, Group, Select } from "@mantine/core";
import { IconBell, IconPlugConnectedX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { EventName, type StoredEvent } from "#contract/events.ts";
import { useCameras } from "../../hooks/use-cameras.ts";
import { type EventFilter, type EventListState, useEvents } from "../../hooks/use-events.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
import { useClock } from "../../hooks/use-now.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Screen } from "../../ui/Screen.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { EventRow } from "./EventRow.tsx";
import classes from "./events.module.css";
import { useEventWords } from "./use-event-words.ts";

/** Written every few minutes whatever happens: shown when a person asks for them. */
const PERIODIC: EventName[] = ["camera.health", "vision.metrics.v1"];
const WHAT_HAPPENED: EventFilter = { not_event_name: PERIODIC };

export function EventsScreen() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(WHAT_HAPPENED);
  const list = useCameras();
  const cameras = list.status === "ready" ? list.cameras : [];
  return (
    <Screen
      title={t("events.title")}
      actions={<Filters filter={filter} cameras={cameras} onChange={setFilter} />}
    >
      <EventList list={useEvents(filter)} cameras={cameras} />
    </Screen>
  );
}

type FiltersProps = { filter: EventFilter; cameras: Camera[]; onChange: (filter: EventFilter) => void };

function Filters({ filter, cameras, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { nameOf } = useEventWords();
  const kinds = [
    { value: "happened", label: t("events.happened") },
    { value: "all", label: t("events.all") },
    ...EventName.options.map((value) => ({ value, label: nameOf(value) })),
  ];
  const { not_event_name, event_name, ...others } = filter;
  return (
    <Group gap="sm" grow w={{ base: "100%", sm: 460 }}>
      <Select
        aria-label={t("events.filterName")}
        data={kinds}
        value={event_name ?? (not_event_name ? "happened" : "all")}
        onChange={(kind) => onChange({ ...others, ...filterOf(kind) })}
        allowDeselect={false}
      />
      <Select
        aria-label={t("events.filterCamera")}
        placeholder={t("events.allCameras")}
        data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.camera_id ?? null}
        onChange={(camera_id) => onChange({ ...filter, camera_id: camera_id ?? undefined })}
        clearable
        searchable
      />
    </Group>
  );
}

function filterOf(kind: string | null): EventFilter {
  const event_name = EventName.safeParse(kind).data;
  if (event_name) return { event_name };
  return kind === "all" ? {} : WHAT_HAPPENED;
}

/** A screen holds about twelve. */
const PACE = { first: 12, step: 6 };
const receiptOf = ({ receipt_id }: StoredEvent) => receipt_id;
const NO_EVENTS: StoredEvent[] = [];

export function EventList({ list, cameras }: { list: EventListState; cameras: Camera[] }) {
  const { t } = useTranslation();
  const dayMs = useClock((nowMs) => new Date(nowMs).setHours(0, 0, 0, 0));
  const drawn = useGradual(list.status === "ready" ? list.events : NO_EVENTS, receiptOf, PACE);
  if (list.status === "loading") return <Waiting label={t("common.loading")} />;
  if (list.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("events.failed")}>
        <Button onClick={list.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (list.events.length === 0)
    return <Emptiness icon={IconBell} title={t("events.empty")} text={t("events.emptyText")} />;

  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  const cameraName = (id: string | undefined) =>
    id === undefined ? t("events.noCamera") : (names.get(id) ?? t("events.unknownCamera"));
  const rows = drawn.map((event) => (
    <EventRow key={event.receipt_id} event={event} cameraName={cameraName(event.camera_id)} nowMs={dayMs} />
  ));
  return (
    <>
      <ul className={classes.list} aria-label={t("events.title")}>
        {rows}
      </ul>
      {list.older && (
        <Center mt="md">
          <Button variant="default" onClick={list.older.load} loading={list.older.isLoading}>
            {t("events.older")}
          </Button>
        </Center>
      )}
    </>
  );
}
