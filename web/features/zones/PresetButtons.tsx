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
  return (
    <Group gap="xs" role="group" aria-label={label}>
      {AREA_PRESET_NAMES.map((name) => {
        const points = AREA_PRESETS[name];
        const pick = () => onPick(name, structuredClone(points));
        return <PresetButton key={name} name={name} points={points} onPick={pick} />;
      })}
    </Group>
  );
}

type LineButtonsProps = { label: string; onPick: (ends: Pick<LineValues, "from" | "to">) => void };

export function LineButtons({ label, onPick }: LineButtonsProps) {
  return (
    <Group gap="xs" role="group" aria-label={label}>
      {LINE_PRESET_NAMES.map((name) => {
        const { from, to } = LINE_PRESETS[name];
        const pick = () => onPick(structuredClone({ from, to }));
        return <PresetButton key={name} name={name} points={[from, to]} onPick={pick} />;
      })}
    </Group>
  );
}

type PresetButtonProps = {
  name: AreaPreset | keyof typeof LINE_PRESETS;
  points: PointValues[];
  onPick: () => void;
};

function PresetButton({ name, points, onPick }: PresetButtonProps) {
  const { t } = useTranslation();
  return (
    <Button variant="default" px="sm" leftSection={<Miniature points={points} />} onClick={onPick}>
      {t(`zones.preset.${name}`)}
    </Button>
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
