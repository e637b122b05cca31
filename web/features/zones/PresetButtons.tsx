import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  AREA_PRESET_NAMES,
  AREA_PRESETS,
  type AreaPreset,
  LINE_PRESET_NAMES,
  LINE_PRESETS,
} from "./presets.ts";
import type { LineValues, PointValues } from "./zones-form.ts";

type AreaButtonsProps = { label: string; onPick: (name: AreaPreset, points: PointValues[]) => void };

/** A usable area in one tap. */
export function AreaButtons({ label, onPick }: AreaButtonsProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" role="group" aria-label={label}>
      {AREA_PRESET_NAMES.map((name) => (
        <Button
          key={name}
          variant="default"
          px="sm"
          leftSection={<Miniature points={AREA_PRESETS[name]} />}
          onClick={() => onPick(name, structuredClone(AREA_PRESETS[name]))}
        >
          {t(`zones.preset.${name}`)}
        </Button>
      ))}
    </Group>
  );
}

type LineButtonsProps = { label: string; onPick: (ends: Pick<LineValues, "from" | "to">) => void };

export function LineButtons({ label, onPick }: LineButtonsProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" role="group" aria-label={label}>
      {LINE_PRESET_NAMES.map((name) => (
        <Button
          key={name}
          variant="default"
          px="sm"
          leftSection={<Miniature points={[LINE_PRESETS[name].from, LINE_PRESETS[name].to]} />}
          onClick={() => onPick(structuredClone(LINE_PRESETS[name]))}
        >
          {t(`zones.preset.${name}`)}
        </Button>
      ))}
    </Group>
  );
}

/** The shape in a picture the size of a letter. */
function Miniature({ points }: { points: PointValues[] }) {
  return (
    <svg width={28} height={18} viewBox="0 0 100 64" aria-hidden>
      <rect x={3} y={3} width={94} height={58} rx={6} fill="none" stroke="currentColor" strokeWidth={5} />
      <polygon
        points={points.map(({ x, y }) => `${6 + Number(x) * 0.88},${6 + Number(y) * 0.52}`).join(" ")}
        fill="currentColor"
        fillOpacity={0.55}
        stroke="currentColor"
        strokeWidth={6}
      />
    </svg>
  );
}
