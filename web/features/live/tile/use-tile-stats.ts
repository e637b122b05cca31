import { useEffect, useState } from "react";
import type { Player, PlayerStats } from "../../../hooks/use-player.ts";

const EVERY_MS = 1_000;

/** The player's figures, asked for once a second while this is used; null while it shows nothing. */
export function useTileStats(player: Player | null): PlayerStats | null {
  const [stats, setStats] = useState<PlayerStats | null>(null);
  useEffect(() => {
    if (!player) return;
    const ask = () => setStats(player.stats());
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      clearInterval(timer);
      setStats(null);
    };
  }, [player]);
  return stats;
}
