import { useTranslation } from "react-i18next";
import { useNumberWords } from "../../../hooks/use-number-words.ts";
import type { Player, PlayerStats } from "../../../hooks/use-player.ts";
import classes from "./stats-overlay.module.css";
import { useTileStats } from "./use-tile-stats.ts";

/** A technician's figures over a tile, a second apart. */
export function StatsOverlay({ player, isShort }: { player: Player | null; isShort: boolean }) {
  const stats = useTileStats(player);
  if (!stats) return null;
  return isShort ? <FewStats stats={stats} /> : <StatsTable stats={stats} />;
}

function FewStats({ stats }: { stats: PlayerStats }) {
  const words = useStatWords(stats);
  return (
    <p className={classes.few}>
      <span>{words.fps}</span>
      <span>{words.latency}</span>
      <span>{words.bitrate}</span>
    </p>
  );
}

export function StatsTable({ stats }: { stats: PlayerStats }) {
  const { t } = useTranslation();
  const words = useStatWords(stats);
  const rows = [
    [t("live.stats.transport"), t(`transport.${stats.transport}`)],
    [t("live.stats.stream"), t(`live.stream.${stats.stream}`)],
    [t("live.stats.latency"), words.latency],
    [t("live.stats.fps"), words.fps],
    [t("live.stats.bitrate"), words.bitrate],
    [t("live.stats.dropped"), words.dropped],
    [t("live.stats.resolution"), stats.widthPx > 0 ? `${stats.widthPx} × ${stats.heightPx}` : "–"],
    [t("live.stats.codec"), stats.codec ?? "–"],
    [t("live.stats.decoder"), stats.decoder ?? "–"],
  ];
  return (
    <dl className={classes.table} aria-label={t("live.stats.label")}>
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A dash where the browser does not tell. */
function useStatWords({ fps, bitrateKbps, latencyMs, framesDecoded, framesDropped }: PlayerStats) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const share = framesDecoded + framesDropped > 0 ? framesDropped / (framesDecoded + framesDropped) : 0;
  return {
    fps: fps === null ? "–" : t("live.stats.perSecond", { value: number(fps) }),
    bitrate: bitrateKbps === null ? "–" : t("live.stats.kbps", { value: number(Math.round(bitrateKbps)) }),
    latency: latencyMs === null ? "–" : t("live.stats.ms", { value: number(Math.round(latencyMs)) }),
    dropped: t("live.stats.droppedOf", { value: number(framesDropped), percent: number(share * 100) }),
  };
}
