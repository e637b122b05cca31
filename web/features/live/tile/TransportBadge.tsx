import { UnstyledButton } from "@mantine/core";
import { IconAccessPoint, IconBolt, IconMovie } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Transport, TransportReason } from "../../../hooks/use-player.ts";
import { TilePopover } from "./TilePopover.tsx";
import classes from "./transport.module.css";

const TransportPanel = lazy(async () => ({
  default: (await import("./TransportPanel.tsx")).TransportPanel,
}));

const ICONS = { webrtc: IconAccessPoint, hls: IconMovie, direct: IconBolt };

/** Reasons that say that a better way exists and cannot be had now. */
const isSecondBest = (reason: TransportReason) => reason !== "best" && reason !== "pinned";

type WayProps = { transport: Transport; reason: TransportReason };

/** The way the picture comes, on a tile too small for words; opened large it tells more. */
export function TransportIcon({ transport, reason }: WayProps) {
  const { t } = useTranslation();
  const IconOf = ICONS[transport];
  return (
    <span
      className={classes.small}
      role="img"
      aria-label={t("live.transportLabel", { transport: t(`transport.${transport}`) })}
      data-second-best={isSecondBest(reason) || undefined}
    >
      <IconOf size={14} aria-hidden />
    </span>
  );
}

/** The way the picture comes; a tap tells why it is this one, and lets a person choose another. */
export function TransportBadge({ cameraId, transport, reason }: WayProps & { cameraId: string }) {
  const { t } = useTranslation();
  const IconOf = ICONS[transport];
  const name = t(`transport.${transport}`);
  return (
    <TilePopover
      widthPx={340}
      target={(toggle) => (
        <UnstyledButton
          className={classes.badge ?? ""}
          aria-label={t("live.transportLabel", { transport: name })}
          data-second-best={isSecondBest(reason) || undefined}
          onClick={toggle}
        >
          <span>
            <IconOf size={15} aria-hidden />
            <b>{name}</b>
          </span>
        </UnstyledButton>
      )}
    >
      <Suspense>
        <TransportPanel cameraId={cameraId} transport={transport} reason={reason} />
      </Suspense>
    </TilePopover>
  );
}
