import { Popover, Text, UnstyledButton } from "@mantine/core";
import { IconAccessPoint, IconBolt, IconMovie } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Transport, TransportReason } from "../../hooks/use-player.ts";
import classes from "./camera-tile.module.css";

const ICONS = { webrtc: IconAccessPoint, hls: IconMovie, direct: IconBolt };

/** The way the picture comes; a tap tells why it is this one. */
export function TransportBadge({ transport, reason }: { transport: Transport; reason: TransportReason }) {
  const { t } = useTranslation();
  const IconOf = ICONS[transport];
  const name = t(`transport.${transport}`);
  return (
    <Popover width={280} position="top-start" shadow="md" withArrow>
      <Popover.Target>
        <UnstyledButton
          className={classes.transport ?? ""}
          aria-label={t("live.transportLabel", { transport: name })}
        >
          <span>
            <IconOf size={15} aria-hidden />
            {name}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600}>
          {t(`transport.reason.${reason}`)}
        </Text>
        <Text size="sm" c="dimmed" mt={4}>
          {t(`transport.about.${transport}`)}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
