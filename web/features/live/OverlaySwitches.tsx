import { ActionIcon } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { OverlayMenu } from "./OverlayMenu.tsx";
import { TilePopover } from "./TilePopover.tsx";
import classes from "./tile-tools.module.css";

/** What is drawn over the pictures, at hand in an enlarged tile too: the grid's own tools may be out of sight. */
export function OverlaySwitches() {
  const { t } = useTranslation();
  const label = t("live.overlays.label");
  return (
    <TilePopover
      target={(toggle) => (
        <ActionIcon
          className={classes.tool ?? ""}
          variant="transparent"
          c="white"
          aria-label={label}
          title={label}
          onClick={toggle}
        >
          <IconStack2 size={22} />
        </ActionIcon>
      )}
    >
      <OverlayMenu />
    </TilePopover>
  );
}
