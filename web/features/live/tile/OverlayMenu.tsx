import { useTranslation } from "react-i18next";
import { useLiveSettings } from "../live-settings.ts";
import classes from "./overlay-menu.module.css";

const OVERLAYS = ["boxes", "zones", "names", "counts", "stats"] as const;

/** What is drawn over all pictures of this device. */
export function OverlayMenu() {
  const { t } = useTranslation();
  const { overlays, setOverlay } = useLiveSettings();
  return (
    <fieldset className={classes.overlays}>
      <legend>{t("live.overlays.label")}</legend>
      {OVERLAYS.map((name) => (
        <label key={name} className={classes.option}>
          <input
            type="checkbox"
            checked={overlays[name]}
            onChange={({ currentTarget }) => setOverlay(name, currentTarget.checked)}
          />
          {t(`live.overlays.${name}`)}
        </label>
      ))}
    </fieldset>
  );
}
