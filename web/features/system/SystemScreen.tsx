import { SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useBrowserAbilities } from "../../hooks/use-browser-abilities.ts";
import { useGatewayLink, useHealth, useMediaState } from "../../hooks/use-health.ts";
import { useModels } from "../../hooks/use-models.ts";
import { useRunningModel, useStation } from "../../hooks/use-station.ts";
import { Screen } from "../../ui/Screen.tsx";
import { BrowserSection } from "./BrowserSection.tsx";
import { GatewaySection } from "./GatewaySection.tsx";
import { MediaSection } from "./MediaSection.tsx";
import { ModelsSection } from "./ModelsSection.tsx";
import { SettingsSection } from "./SettingsSection.tsx";
import { ShopSection } from "./ShopSection.tsx";
import { StationSection } from "./StationSection.tsx";

/** Each section listens to its own: the station speaks every second, and the others need not be drawn for that. */
export function SystemScreen() {
  const { t } = useTranslation();
  return (
    <Screen title={t("system.title")}>
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: "start" }}>
        <Stack>
          <Station />
          <Media />
          <ShopSection />
          <Gateway />
          <SettingsSection />
        </Stack>
        <Stack>
          <Models />
          <BrowserSection abilities={useBrowserAbilities()} />
        </Stack>
      </SimpleGrid>
    </Screen>
  );
}

const Station = () => <StationSection station={useStation()} />;
const Media = () => <MediaSection media={useMediaState()} />;
const Gateway = () => <GatewaySection health={useHealth() ?? null} isHere={useGatewayLink() === "here"} />;
const Models = () => <ModelsSection models={useModels()} runningModel={useRunningModel()} />;
