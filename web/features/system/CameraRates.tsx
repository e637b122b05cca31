import { ScrollArea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../hooks/use-cameras.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import type { CameraRate } from "../../hooks/use-station.ts";
import classes from "./camera-rates.module.css";

/**
 * How often each camera is looked at, and what its owner can do about it. Plain cells: with a hundred cameras and new
 * numbers every second, cells of the component library took half of the page's time.
 */
export function CameraRates({ rates }: { rates: CameraRate[] }) {
  const { t } = useTranslation();
  const list = useCameras();
  const number = useNumberWords();
  const fine = useNumberWords(2);
  if (rates.length === 0) return null;
  const names = new Map(list.status === "ready" ? list.cameras.map(({ id, name }) => [id, name]) : []);

  function advice({ frames, keyFrameEveryMs, askedPerS }: CameraRate): string | null {
    if (frames !== "all" || keyFrameEveryMs === null) return null;
    const [every, wanted] = [number(keyFrameEveryMs / 1_000), number(1 / askedPerS)];
    return t("cameraRates.advice", { every, wanted });
  }

  const rows = rates.map((rate) => {
    const { cameraId, askedPerS, reachedPerS, stillShare, msPerLook } = rate;
    const text = advice(rate);
    return (
      <tr key={cameraId}>
        <td>
          {names.get(cameraId) ?? cameraId}
          {text && <small>{text}</small>}
        </td>
        <td>{fine(askedPerS)}</td>
        <td className={isBehind(rate) ? classes.behind : undefined}>{fine(reachedPerS)}</td>
        <td>{number(stillShare * 100)} %</td>
        <td>{number(msPerLook)} ms</td>
      </tr>
    );
  });
  return (
    <ScrollArea mt="sm" type="auto">
      <table className={classes.rates} aria-label={t("cameraRates.title")}>
        <thead>
          <tr>
            <th>{t("cameraRates.camera")}</th>
            <th>{t("cameraRates.asked")}</th>
            <th>{t("cameraRates.reached")}</th>
            <th>{t("cameraRates.still")}</th>
            <th>{t("cameraRates.cost")}</th>
          </tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
    </ScrollArea>
  );
}

/** Less than nine tenths of what was asked, and the machine does not keep up. */
const KEEPS_UP_FROM = 0.9;

const isBehind = ({ reachedPerS, askedPerS }: CameraRate): boolean => reachedPerS < KEEPS_UP_FROM * askedPerS;
