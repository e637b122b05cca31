import { Box } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CameraHealth } from "#contract/camera-health.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { type Fact, Facts } from "../../ui/Facts.tsx";

const DAY_MS = 24 * 3_600_000;
/** The hour now running counts from its beginning: less than this is missing from a whole day. */
const HOUR_MS = 3_600_000;

/** How a camera does over time, in figures. */
export function CameraFigures({ health }: { health: CameraHealth }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const { duration } = useTimeWords();
  const { fps, bitrateKbps, uptime24h, watched24hMs, watchdogRestarts } = health;
  const facts: Fact[] = [];
  if (uptime24h !== null) {
    const percent = number(flooredPercent(uptime24h));
    const isWholeDay = watched24hMs > DAY_MS - HOUR_MS;
    const words = isWholeDay ? "cameras.percent" : "cameras.percentOf";
    facts.push({ name: t("cameras.uptime"), value: t(words, { percent, span: duration(watched24hMs) }) });
  }
  if (fps !== undefined) facts.push({ name: t("cameras.fps"), value: number(fps) });
  if (bitrateKbps !== undefined)
    facts.push({ name: t("cameras.bitrate"), value: t("cameras.kbps", { value: number(bitrateKbps) }) });
  if (watchdogRestarts > 0) facts.push({ name: t("cameras.restarts"), value: number(watchdogRestarts) });
  if (facts.length === 0) return null;
  return (
    <Box mt="sm">
      <Facts facts={facts} />
    </Box>
  );
}

/** One digit after the comma, never rounded up: 100 % is a camera that was never away. */
const flooredPercent = (fraction: number): number => Math.floor(fraction * 1_000) / 10;
