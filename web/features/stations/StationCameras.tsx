import { memo, useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import type { Station } from "#contract/stations.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { StatusDot } from "../../ui/StatusDot.tsx";
import classes from "./station-cameras.module.css";
import { isBehind, isCrowdedOut } from "./station-list.ts";

/** Rows are thin; a screen holds about twenty. */
const PACE = { first: 20, step: 20 };
const cameraOf = ({ cameraId }: Station["cameras"][number]) => cameraId;

type StationCamerasProps = {
  cameras: Station["cameras"];
  cameraNames: ReadonlyMap<string, string>;
};

/** The cameras of a device, each with the rate it gets and what is left out. */
export function StationCameras({ cameras, cameraNames }: StationCamerasProps) {
  return <CameraList cameras={useDeferredValue(cameras)} cameraNames={cameraNames} />;
}

const CameraList = memo(function CameraList({ cameras, cameraNames }: StationCamerasProps) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const drawn = useGradual(cameras, cameraOf, PACE);
  return (
    <ul className={classes.list} aria-label={t("stations.cameras")}>
      {drawn.map((camera) => {
        const { cameraId, askedPerS, reachedPerS, skippedPerS } = camera;
        const rate = t("stations.reached", { reached: number(reachedPerS), asked: number(askedPerS) });
        const isCrowded = isCrowdedOut(camera);
        return (
          <CameraRow
            key={cameraId}
            name={cameraNames.get(cameraId) ?? t("stations.unknownCamera")}
            rate={isCrowded ? `${rate} · ${t("stations.skipped", { skipped: number(skippedPerS) })}` : rate}
            isBehind={isBehind(camera)}
          />
        );
      })}
    </ul>
  );
});

type CameraRowProps = { name: string; rate: string; isBehind: boolean };

/** Knows its words alone, and is drawn again only when one of them is another. */
const CameraRow = memo(function CameraRow({ name, rate, isBehind: isSlow }: CameraRowProps) {
  return (
    <li className={classes.row}>
      <span className={classes.name}>
        <StatusDot tone={isSlow ? "warn" : "good"} />
        <span>{name}</span>
      </span>
      <span className={classes.rate}>{rate}</span>
    </li>
  );
});
