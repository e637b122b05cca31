import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import hidden from "../../../ui/unseen.module.css";
import classes from "./grid-toolbar.module.css";

export type Pager = {
  /** What is turned over. */
  kind: "page" | "camera";
  /** Counted from 0. */
  now: number;
  all: number;
  turn: (by: 1 | -1) => void;
  goTo?: (to: number) => void;
};

/** More do not fit as dots that a finger can tell apart. */
const MOST_DOTS = 6;

/** Previous and next, and where one is. */
export function GridPager({ pager, hasDots }: { pager: Pager; hasDots: boolean }) {
  const { t } = useTranslation();
  const { kind, now, all, turn, goTo } = pager;
  const words = (index: number) => t(`layout.${kind}`, { now: index + 1, all });
  const isDotted = hasDots && goTo !== undefined && all <= MOST_DOTS;
  const [previous, next] =
    kind === "page"
      ? [t("layout.previousPage"), t("layout.nextPage")]
      : [t("layout.previousCamera"), t("layout.nextCamera")];
  return (
    <fieldset aria-label={t("layout.pages")} className={classes.pager}>
      <ActionIcon color="gray" onClick={() => turn(-1)} aria-label={previous} title={previous}>
        <IconChevronLeft size={22} />
      </ActionIcon>
      {isDotted &&
        Array.from({ length: all }, (_, index) => (
          <button
            key={index}
            type="button"
            className={classes.dot}
            aria-label={words(index)}
            aria-current={index === now ? "page" : undefined}
            onClick={() => goTo(index)}
          />
        ))}
      <span role="status" className={isDotted ? hidden.unseen : classes.place} title={words(now)}>
        <span aria-hidden={!isDotted}>{isDotted ? words(now) : `${now + 1} / ${all}`}</span>
        {!isDotted && <span className={hidden.unseen}>{words(now)}</span>}
      </span>
      <ActionIcon color="gray" onClick={() => turn(1)} aria-label={next} title={next}>
        <IconChevronRight size={22} />
      </ActionIcon>
    </fieldset>
  );
}
