import { SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useBrowserAbilities } from "../../hooks/use-browser-abilities.ts";
import { useEvidenceOutbox } from "../../hooks/use-evidence.ts";
import { useGatewayLink, useHealth, useMediaState } from "../../hooks/use-health.ts";
import { useModels } from "../../hooks/use-models.ts";
import { useStation } from "../../hooks/use-station.ts";
import { useSync } from "../../hooks/use-sync.ts";
import { Screen } from "../../ui/Screen.tsx";
import { BrowserSection } from "./BrowserSection.tsx";
import { GatewaySection } from "./GatewaySection.tsx";
import { MediaSection } from "./MediaSection.tsx";
import { ModelsSection } from "./ModelsSection.tsx";
import { OutboxSection } from "./OutboxSection.tsx";
import { ShopSection } from "./ShopSection.tsx";
import { StationSection } from "./StationSection.tsx";

export function SystemScreen() {
  const { t } = useTranslation();
  const station = useStation();
  const { sync, flush } = useSync();
  const runningModel = station.status === "running" ? station.model : null;
  return (
    <Screen title={t("system.title")}>
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: "start" }}>
        <Stack>
          <StationSection station={station} />
          <MediaSection media={useMediaState()} />
          <ShopSection />
          <GatewaySection health={useHealth() ?? null} isHere={useGatewayLink() === "here"} />
        </Stack>
        <Stack>
          <OutboxSection sync={sync} pictures={useEvidenceOutbox()} onFlush={flush} />
          <ModelsSection models={useModels()} runningModel={runningModel} />
          <BrowserSection abilities={useBrowserAbilities()} />
        </Stack>
      </SimpleGrid>
    </Screen>
  );
}
