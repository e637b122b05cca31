import { Button, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import { useEvidenceOutbox } from "../../hooks/use-evidence.ts";
import { useSinks } from "../../hooks/use-sinks.ts";
import { useStationId, useStations } from "../../hooks/use-stations.ts";
import { useSync } from "../../hooks/use-sync.ts";
import { Screen } from "../../ui/Screen.tsx";
import { SinkDialog } from "./form/SinkDialog.tsx";
import { HopOne } from "./HopOne.tsx";
import { HopTwo } from "./HopTwo.tsx";
import { LedgerAlarm } from "./LedgerAlarm.tsx";
import { RemoveSink } from "./RemoveSink.tsx";
import { StorageSection } from "./StorageSection.tsx";
import { useRecentRate } from "./use-recent-rate.ts";

/** What is open over the screen. */
type Dialog =
  | { kind: "none" }
  | { kind: "add" }
  | { kind: "edit"; sink: Sink }
  | { kind: "remove"; sink: Sink };

/** Both hops at a glance: where everything is that was noticed, and whether the sums agree. */
export function DeliveriesScreen() {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const { sync, flush, askPersistence } = useSync();
  const ownId = useStationId();
  const stationList = useStations();
  const sinks = useSinks();
  const close = () => setDialog({ kind: "none" });
  const stations =
    stationList.status === "ready" ? stationList.list.stations.filter(({ id }) => id !== ownId) : [];
  const ledgers = [
    { id: ownId, name: t("deliveries.hopOne.thisDevice"), ledger: sync.ledger },
    ...stations.flatMap(({ id, name, ledger }) => (ledger ? [{ id, name, ledger }] : [])),
    ...(sinks.status === "ready" ? sinks.sinks : []),
  ];
  return (
    <Screen
      title={t("deliveries.title")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setDialog({ kind: "add" })}>
          {t("deliveries.action.add")}
        </Button>
      }
    >
      <Stack gap="xl">
        <LedgerAlarm ledgers={ledgers} />
        <HopOne
          sync={sync}
          ratePerS={useRecentRate(sync.ledger.acknowledged)}
          onFlush={flush}
          stations={stations}
        />
        <HopTwo
          state={sinks}
          onAdd={() => setDialog({ kind: "add" })}
          onEdit={(sink) => setDialog({ kind: "edit", sink })}
          onRemove={(sink) => setDialog({ kind: "remove", sink })}
        />
        <StorageSection sync={sync} pictures={useEvidenceOutbox()} askPersistence={askPersistence} />
      </Stack>
      {(dialog.kind === "add" || dialog.kind === "edit") && (
        <SinkDialog sink={dialog.kind === "edit" ? dialog.sink : null} onClose={close} />
      )}
      <RemoveSink sink={dialog.kind === "remove" ? dialog.sink : null} onClose={close} />
    </Screen>
  );
}
