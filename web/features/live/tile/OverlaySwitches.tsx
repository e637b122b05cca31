import { IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { OverlayMenu } from "./OverlayMenu.tsx";
import { TilePopover } from "./TilePopover.tsx";
import { TileTool } from "./TileTool.tsx";

/** What is drawn over the pictures, at hand in an enlarged tile too: the grid's own tools may be out of sight. */
export function OverlaySwitches() {
  const { t } = useTranslation();
  const label = t("live.overlays.label");
  return (
    <TilePopover target={(toggle) => <TileTool label={label} icon={IconStack2} onPress={toggle} />}>
      <OverlayMenu />
    </TilePopover>
  );
}
