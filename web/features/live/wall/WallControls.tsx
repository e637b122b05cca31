import { ActionIcon } from "@mantine/core";
import { IconDoorExit, IconMaximize, IconMinimize, IconMoon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFullScreen } from "../../../hooks/use-full-screen.ts";
import { GridPager, type Pager } from "../grid/GridPager.tsx";
import { LayoutPicker } from "../grid/LayoutPicker.tsx";
import type { Layout } from "../live-settings.ts";
import classes from "./wall.module.css";

type WallControlsProps = {
  /** Null where all is on one page. */
  pager: Pager | null;
  layout: Layout;
  onLayout: (layout: Layout) => void;
  /** 0 stays on the page. */
  rotateS: number;
  onRotateS: (rotateS: number) => void;
  /** Nothing keeps this screen from going dark. */
  hasDarkScreen: boolean;
  onLeave: () => void;
};

const RHYTHMS_S = [5, 10, 15, 20, 30, 60, 120, 300];

/** Appear with a touch, a move of the mouse or the keyboard's focus, and go away by themselves. */
export function WallControls(props: WallControlsProps) {
  const { pager, layout, onLayout, rotateS, onRotateS, hasDarkScreen, onLeave } = props;
  const { t } = useTranslation();
  const full = useFullScreen();
  const fullLabel = t(full.isFull ? "layout.fullEnd" : "layout.full");
  const rhythms = [...new Set([...RHYTHMS_S, rotateS])].filter((s) => s > 0).sort((a, b) => a - b);
  return (
    <div className={classes.controls}>
      {hasDarkScreen && (
        <p className={classes.hint}>
          <IconMoon size={18} aria-hidden />
          {t("wall.noWakeLock")}
        </p>
      )}
      <div role="toolbar" aria-label={t("wall.controls")} className={classes.bar}>
        <LayoutPicker layout={layout} onChoose={onLayout} />
        {pager && <GridPager pager={pager} hasDots={false} />}
        {pager && (
          <label className={classes.rhythm}>
            {t("wall.rotate")}
            <select value={rotateS} onChange={({ currentTarget }) => onRotateS(Number(currentTarget.value))}>
              <option value={0}>{t("wall.rotateNever")}</option>
              {rhythms.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {t("wall.rotateEvery", { seconds })}
                </option>
              ))}
            </select>
          </label>
        )}
        <ActionIcon color="gray" onClick={full.toggle} aria-label={fullLabel} title={fullLabel}>
          {full.isFull ? <IconMinimize size={22} /> : <IconMaximize size={22} />}
        </ActionIcon>
        <button type="button" className={classes.exit} onClick={onLeave}>
          <IconDoorExit size={22} aria-hidden />
          {t("wall.exit")}
        </button>
      </div>
    </div>
  );
}
