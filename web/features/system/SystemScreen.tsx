import { SimpleGrid, Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useBrowserAbilities } from "../../hooks/use-browser-abilities.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
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

const Station = () => <StationSection station={useStation()} />;
const Media = () => <MediaSection media={useMediaState()} />;
const Gateway = () => <GatewaySection health={useHealth() ?? null} isHere={useGatewayLink() === "here"} />;
const Models = () => <ModelsSection models={useModels()} runningModel={useRunningModel()} />;
const Browser = () => <BrowserSection abilities={useBrowserAbilities()} />;

type Column = "left" | "right";
type PlacedSection = { name: string; column: Column; section: ReactElement };

/** In the order in which they are drawn: what is seen first comes first. Forms and lists at once would hold up the page. */
const SECTIONS: PlacedSection[] = [
  { name: "station", column: "left", section: <Station key="station" /> },
  { name: "models", column: "right", section: <Models key="models" /> },
  { name: "media", column: "left", section: <Media key="media" /> },
  { name: "shop", column: "left", section: <ShopSection key="shop" /> },
  { name: "browser", column: "right", section: <Browser key="browser" /> },
  { name: "gateway", column: "left", section: <Gateway key="gateway" /> },
  { name: "settings", column: "left", section: <SettingsSection key="settings" /> },
];
const PACE = { first: 1, step: 1 };
const nameOf = ({ name }: PlacedSection) => name;

/** Each section listens to its own: the station speaks every second, and the others need not be drawn for that. */
export function SystemScreen() {
  const { t } = useTranslation();
  const drawn = useGradual(SECTIONS, nameOf, PACE);
  const inColumn = (wanted: Column) =>
    drawn.filter(({ column }) => column === wanted).map(({ section }) => section);
  return (
    <Screen title={t("system.title")}>
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: "start" }}>
        <Stack>{inColumn("left")}</Stack>
        <Stack>{inColumn("right")}</Stack>
      </SimpleGrid>
    </Screen>
  );
}
