import { Button, Stack } from "@mantine/core";
import { IconDevices, IconPlugConnectedX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Station } from "#contract/stations.ts";
import { useCameras } from "../../hooks/use-cameras.ts";
import {
  type StationListState,
  useStationChanges,
  useStationId,
  useStations,
} from "../../hooks/use-stations.ts";
import { CardList } from "../../ui/CardList.tsx";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Screen } from "../../ui/Screen.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { CapacityNotice } from "./CapacityNotice.tsx";
import { RenameStation } from "./RenameStation.tsx";
import { StationCard } from "./StationCard.tsx";
import { inOrder } from "./station-list.ts";
import { UnwatchedSection } from "./UnwatchedSection.tsx";

/** Which device looks at which camera, how fast, and which cameras nobody looks at. */
export function StationsScreen() {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState<Station | null>(null);
  return (
    <Screen title={t("stations.title")}>
      <Stations state={useStations()} onRename={setRenaming} />
      {renaming && <RenameStation station={renaming} onClose={() => setRenaming(null)} />}
    </Screen>
  );
}

type StationsProps = { state: StationListState; onRename: (station: Station) => void };

function Stations({ state, onRename }: StationsProps) {
  const { t } = useTranslation();
  const ownId = useStationId();
  const cameras = useCameras();
  const { forget } = useStationChanges();
  const known = cameras.status === "ready" ? cameras.cameras : null;
  const names = useMemo(() => new Map(known?.map(({ id, name }) => [id, name])), [known]);
  if (state.status === "loading") return <Waiting label={t("common.loading")} />;
  if (state.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("stations.failed")}>
        <Button onClick={state.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  const { stations, unwatched } = state.list;
  return (
    <Stack>
      <CapacityNotice list={state.list} />
      {stations.length === 0 && (
        <Emptiness icon={IconDevices} title={t("stations.none")} text={t("stations.noneText")} />
      )}
      <CardList label={t("stations.title")}>
        {inOrder(stations, ownId).map((station) => (
          <StationCard
            key={station.id}
            station={station}
            isThisDevice={station.id === ownId}
            cameraNames={names}
            onRename={() => onRename(station)}
            onForget={() => forget.mutate(station.id)}
          />
        ))}
      </CardList>
      <UnwatchedSection unwatched={unwatched} cameraNames={names} />
    </Stack>
  );
}
