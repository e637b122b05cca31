import { useId } from "react";
import { useTranslation } from "react-i18next";
import { usePinnedTransport } from "../../../hooks/use-pinned-transport.ts";
import type { Transport, TransportReason } from "../../../hooks/use-player.ts";
import classes from "./transport.module.css";

type TransportPanelProps = { cameraId: string; transport: Transport; reason: TransportReason };

/** Why the picture comes this way, and the choice of another: for this camera, and for all of this device. */
export function TransportPanel({ cameraId, transport, reason }: TransportPanelProps) {
  const { t } = useTranslation();
  const { camera, device, pinCamera, pinDevice } = usePinnedTransport(cameraId);
  return (
    <div className={classes.panel}>
      <h3>{t("live.transportLabel", { transport: t(`transport.${transport}`) })}</h3>
      <p>{t(`transport.reason.${reason}`)}</p>
      <p className={classes.about}>{t(`transport.about.${transport}`)}</p>
      <Choice label={t("transport.pinCamera")} value={camera} onChange={pinCamera} />
      <Choice label={t("transport.pinDevice")} value={device} onChange={pinDevice} />
      {camera && device && camera !== device && <p className={classes.about}>{t("transport.pinOrder")}</p>}
    </div>
  );
}

const CHOICES: (Transport | null)[] = [null, "webrtc", "hls", "direct"];

type ChoiceProps = { label: string; value: Transport | null; onChange: (value: Transport | null) => void };

function Choice({ label, value, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes.choice} role="radiogroup" aria-labelledby={id}>
      <h4 id={id}>{label}</h4>
      <div className={classes.options}>
        {CHOICES.map((choice) => (
          <label key={choice ?? "automatic"}>
            <input type="radio" name={id} checked={choice === value} onChange={() => onChange(choice)} />
            {choice ? t(`transport.${choice}`) : t("transport.automatic")}
          </label>
        ))}
      </div>
    </div>
  );
}
