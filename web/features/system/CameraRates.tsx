import { memo, useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../hooks/use-cameras.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import type { CameraRate } from "../../hooks/use-station.ts";
import classes from "./camera-rates.module.css";

/** Rows are thin; a screen holds about twenty. */
const PACE = { first: 20, step: 20 };
const cameraOf = ({ cameraId }: CameraRate) => cameraId;

const COLUMNS = ["camera", "asked", "reached", "still", "cost"] as const;

/** How often each camera is looked at, and what its owner can do about it. New numbers every second wait for a press. */
export function CameraRates({ rates }: { rates: CameraRate[] }) {
  return <RateTable rates={useDeferredValue(rates)} />;
}

// biome-ignore-start lint/a11y/noRedundantRoles: Safari forgets the role of a row that is laid out as a grid
/**
 * Plain cells: with a hundred cameras, cells of the component library took half of the page's time. Each row is laid
 * out by itself, and only those in sight.
 */
const RateTable = memo(function RateTable({ rates }: { rates: CameraRate[] }) {
  const { t } = useTranslation();
  const list = useCameras();
  const number = useNumberWords();
  const fine = useNumberWords(2);
  const drawn = useGradual(rates, cameraOf, PACE);
  if (rates.length === 0) return null;
  const names = new Map(list.status === "ready" ? list.cameras.map(({ id, name }) => [id, name]) : []);

  function advice({ frames, keyFrameEveryMs, askedPerS }: CameraRate): string | null {
    if (frames !== "all" || keyFrameEveryMs === null) return null;
    const [every, wanted] = [number(keyFrameEveryMs / 1_000), number(1 / askedPerS)];
    return t("cameraRates.advice", { every, wanted });
  }

  return (
    <div className={classes.frame}>
      <table role="table" className={classes.rates} aria-label={t("cameraRates.title")}>
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.map((column) => (
              <th key={column} role="columnheader" scope="col">
                {t(`cameraRates.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {drawn.map((rate) => (
            <RateRow
              key={rate.cameraId}
              name={names.get(rate.cameraId) ?? rate.cameraId}
              advice={advice(rate)}
              asked={fine(rate.askedPerS)}
              reached={fine(rate.reachedPerS)}
              still={number(rate.stillShare * 100)}
              cost={number(rate.msPerLook)}
              isBehind={isBehind(rate)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
});

type RateRowProps = {
  name: string;
  advice: string | null;
  asked: string;
  reached: string;
  still: string;
  cost: string;
  isBehind: boolean;
};

/** Knows its words alone, and is drawn again only when one of them is another. */
const RateRow = memo(function RateRow(props: RateRowProps) {
  const { name, advice, asked, reached, still, cost, isBehind: isSlow } = props;
  return (
    <tr role="row">
      <td role="cell">
        {name}
        {advice && <small>{advice}</small>}
      </td>
      <td role="cell">{asked}</td>
      <td role="cell" className={isSlow ? classes.behind : undefined}>
        {reached}
      </td>
      <td role="cell">{still} %</td>
      <td role="cell">{cost} ms</td>
    </tr>
  );
});

// biome-ignore-end lint/a11y/noRedundantRoles: from here on there are no rows

/** Less than nine tenths of what was asked, and the machine does not keep up. */
const KEEPS_UP_FROM = 0.9;

const isBehind = ({ reachedPerS, askedPerS }: CameraRate): boolean => reachedPerS < KEEPS_UP_FROM * askedPerS;
