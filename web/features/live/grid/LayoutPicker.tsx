import { useId } from "react";
import { useTranslation } from "react-i18next";
import { LAYOUTS, type Layout } from "../live-settings.ts";
import classes from "./grid-toolbar.module.css";

type LayoutPickerProps = { layout: Layout; onChoose: (layout: Layout) => void };

/** How many tiles stand on a page. */
export function LayoutPicker({ layout, onChoose }: LayoutPickerProps) {
  const { t } = useTranslation();
  const name = useId();
  const labelOf = (one: Layout) => {
    if (one === "auto") return t("layout.auto");
    return one === 1 ? t("layout.one") : t("layout.grid", { side: one, count: one ** 2 });
  };
  return (
    <div role="radiogroup" aria-label={t("layout.label")} className={classes.layouts}>
      {LAYOUTS.map((one) => (
        <label key={one} className={classes.layout} title={labelOf(one)}>
          <input
            type="radio"
            name={name}
            checked={one === layout}
            onChange={() => onChoose(one)}
            aria-label={labelOf(one)}
          />
          {one === "auto" ? t("layout.autoShort") : <SquareIcon side={one} />}
        </label>
      ))}
    </div>
  );
}

const ICON_PX = 20;

/** So many squares beside and below each other. */
function SquareIcon({ side }: { side: number }) {
  const gap = side > 3 ? 1 : 2;
  const size = (ICON_PX - gap * (side - 1)) / side;
  const places = Array.from({ length: side * side }, (_, index) => index);
  return (
    <svg viewBox={`0 0 ${ICON_PX} ${ICON_PX}`} width={ICON_PX} height={ICON_PX} aria-hidden="true">
      {places.map((place) => (
        <rect
          key={place}
          x={(place % side) * (size + gap)}
          y={Math.floor(place / side) * (size + gap)}
          width={size}
          height={size}
          rx={side > 3 ? 0.5 : 1.5}
        />
      ))}
    </svg>
  );
}
