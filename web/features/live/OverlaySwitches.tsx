import { ActionIcon, Popover } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { OverlayMenu } from "./OverlayMenu.tsx";
import classes from "./tile-tools.module.css";
import { useFullscreenElement } from "./use-fullscreen-element.ts";

/** What is drawn over the pictures, at hand in an enlarged tile too: the grid's own tools may be out of sight. */
export function OverlaySwitches() {
  const { t } = useTranslation();
  const fullscreen = useFullscreenElement();
  return (
    <Popover position="top" shadow="md" withArrow portalProps={fullscreen ? { target: fullscreen } : {}}>
      <Popover.Target>
        <ActionIcon
          className={classes.tool ?? ""}
          variant="transparent"
          c="white"
          aria-label={t("live.overlays.label")}
          title={t("live.overlays.label")}
        >
          <IconStack2 size={22} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <OverlayMenu />
      </Popover.Dropdown>
    </Popover>
  );
}
