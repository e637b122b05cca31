import { ActionIcon, Popover } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLiveSettings } from "./live-settings.ts";
import classes from "./tile-tools.module.css";
import { useFullscreenElement } from "./use-fullscreen-element.ts";

const OVERLAYS = ["boxes", "names", "counts", "stats"] as const;

/** What is drawn over all pictures of this device, each to be switched off. */
export function OverlaySwitches() {
  const { t } = useTranslation();
  const { overlays, setOverlay } = useLiveSettings();
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
      <Popover.Dropdown p={6} role="group" aria-label={t("live.overlays.label")}>
        {OVERLAYS.map((name) => (
          <label key={name} className={classes.switch}>
            <input
              type="checkbox"
              checked={overlays[name]}
              onChange={(event) => setOverlay(name, event.currentTarget.checked)}
            />
            {t(`live.overlays.${name}`)}
          </label>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
