import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNumberWords } from "../../../hooks/use-number-words.ts";
import type { Player } from "../../../hooks/use-player.ts";
import classes from "./camera-tile.module.css";
import type { TileFault } from "./tile-view.ts";
import { useTileStats } from "./use-tile-stats.ts";

type PlayingNoticeProps = {
  id: string;
  fault: TileFault;
  player: Player | null;
  isCompact: boolean;
};

/** Said beside a picture that moves all the same: it is late, or the station cannot look at it. */
export function PlayingNotice({ id, fault, player, isCompact }: PlayingNoticeProps) {
  const { t } = useTranslation();
  return (
    <span id={id} className={classes.notice} role="status" aria-live="off">
      <IconAlertTriangle size={16} aria-hidden />
      {fault === "late" && <LateWords player={player} isCompact={isCompact} />}
      {fault !== "late" && isCompact && t("live.notAnalysed")}
      {fault !== "late" && !isCompact && t("live.stillPlaying", { fault: t(`fault.${fault}.title`) })}
    </span>
  );
}

function LateWords({ player, isCompact }: { player: Player | null; isCompact: boolean }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const latencyMs = useTileStats(player)?.latencyMs ?? null;
  if (latencyMs === null) return t("fault.late.short");
  const delay = t("time.seconds", { value: number(latencyMs / 1_000) });
  return isCompact ? `${t("fault.late.short")} ${delay}` : t("live.lateBy", { delay });
}
