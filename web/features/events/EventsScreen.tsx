import { Button, Center, Group, Select } from "@mantine/core";
import { IconBell, IconPlugConnectedX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { EventName } from "#contract/events.ts";
import { useCameras } from "../../hooks/use-cameras.ts";
import { type EventFilter, type EventListState, useEvents } from "../../hooks/use-events.ts";
import { useNow } from "../../hooks/use-now.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Screen } from "../../ui/Screen.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { EventRow } from "./EventRow.tsx";
import classes from "./events.module.css";
import { useEventWords } from "./use-event-words.ts";

export function EventsScreen() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<EventFilter>({});
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
  const names = EventName.options.map((value) => ({ value, label: nameOf(value) }));
  return (
    <Group gap="sm" grow w={{ base: "100%", sm: 460 }}>
      <Select
        aria-label={t("events.filterName")}
        placeholder={t("events.all")}
        data={names}
        value={filter.event_name ?? null}
        onChange={(event_name) => onChange({ ...filter, event_name: event_name ?? undefined })}
        clearable
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

export function EventList({ list, cameras }: { list: EventListState; cameras: Camera[] }) {
  const { t } = useTranslation();
  const nowMs = useNow();
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
  const rows = list.events.map((event) => (
    <EventRow key={event.receipt_id} event={event} cameraName={cameraName(event.camera_id)} nowMs={nowMs} />
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
