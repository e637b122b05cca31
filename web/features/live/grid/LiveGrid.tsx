import { useElementSize, useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useFullScreen } from "../../../hooks/use-full-screen.ts";
import { Waiting } from "../../../ui/Waiting.tsx";
import { useLiveSettings } from "../live-settings.ts";
import { AwayNotice } from "./AwayNotice.tsx";
import { CameraGrid } from "./CameraGrid.tsx";
import { inOrder } from "./camera-order.ts";
import type { Pager } from "./GridPager.tsx";
import { GridButton, GridToolbar } from "./GridToolbar.tsx";
import {
  type Direction,
  GAP_PX,
  gridShape,
  LEAST_TILE_PX,
  neighbour,
  READABLE_TILE_PX,
} from "./grid-shape.ts";
import classes from "./live.module.css";
import type { LiveKey } from "./live-keys.ts";
import { useDrawnTiles } from "./use-drawn-tiles.ts";
import { useGridView } from "./use-grid-view.ts";
import { useLiveKeys } from "./use-live-keys.ts";
import { useStill } from "./use-still.ts";
import { useSwipe } from "./use-swipe.ts";
import { useTileFocus } from "./use-tile-focus.ts";

// Who only looks needs none of these.
const ArrangeScreen = lazy(async () => ({ default: (await import("./ArrangeScreen.tsx")).ArrangeScreen }));
const KeyboardHelp = lazy(async () => ({ default: (await import("./KeyboardHelp.tsx")).KeyboardHelp }));

/** A line of tools there would take too much of the picture. */
const SMALL = "(max-width: 40em), (max-height: 30em)";

/** Over full pictures the tools go away by themselves. */
const TOOLS_AFTER_MS = 3_000;

/** The cameras of one page, as large as the screen allows; or one of them alone. */
export function LiveGrid({ cameras }: { cameras: Camera[] }) {
  const { t } = useTranslation();
  const { order, setOrder } = useLiveSettings();
  const arranged = useMemo(() => inOrder(cameras, order), [cameras, order]);
  const [isArranging, setArranging] = useState(false);
  if (!isArranging) return <WatchGrid cameras={arranged} onArrange={() => setArranging(true)} />;
  return (
    <Suspense fallback={<Waiting label={t("common.loading")} />}>
      <ArrangeScreen cameras={arranged} order={order} onOrder={setOrder} onDone={() => setArranging(false)} />
    </Suspense>
  );
}

type WatchGridProps = { cameras: Camera[]; onArrange: () => void };

function WatchGrid({ cameras, onArrange }: WatchGridProps) {
  const { t } = useTranslation();
  const { layout, overlays, setLayout } = useLiveSettings();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const isSmall = useMediaQuery(SMALL, false, { getInitialValueInEffect: false });
  const { ref: frame, width, height } = useElementSize();
  const screen = useRef<HTMLElement>(null);
  const tileFocus = useTileFocus(screen);
  const full = useFullScreen();
  const isStill = useStill(TOOLS_AFTER_MS);

  const perPage = layout === "auto" ? cameras.length : layout ** 2;
  const view = useGridView(cameras, perPage);
  const { enlarged, shown } = view;
  const drawn = useDrawnTiles(shown);
  const shape = gridShape({
    count: enlarged ? 1 : perPage,
    widthPx: width,
    heightPx: height,
    leastTilePx: layout === "auto" ? READABLE_TILE_PX : LEAST_TILE_PX,
  });

  function moveFocus(direction: Direction): boolean {
    if (enlarged) return stepCamera(direction === "left" || direction === "up" ? -1 : 1);
    const from = shown.findIndex(({ id }) => id === tileFocus.focused());
    const to = from < 0 ? 0 : neighbour(from, direction, { count: shown.length, columns: shape.columns });
    if (typeof to === "number") tileFocus.focus(shown[to]?.id);
    else if (view.pages > 1) tileFocus.focus(to === "next" ? view.turn(1)[0]?.id : view.turn(-1).at(-1)?.id);
    return true;
  }

  function stepCamera(by: 1 | -1): true {
    tileFocus.focus(view.step(by));
    return true;
  }

  function goBack(): boolean {
    if (full.isFull) full.leave();
    else if (enlarged) {
      view.shrink();
      tileFocus.focus(enlarged.id);
    } else return false;
    return true;
  }

  function chooseLayout(wanted: typeof layout) {
    view.shrink();
    setLayout(wanted);
  }

  useLiveKeys((key: LiveKey) => {
    if (isHelpOpen) return false;
    switch (key.kind) {
      case "move":
        return moveFocus(key.direction);
      case "back":
        return goBack();
      case "layout":
        chooseLayout(key.layout);
        return true;
      case "page":
        if (enlarged) return stepCamera(key.by);
        if (view.pages === 1) return false; // the screen scrolls
        view.turn(key.by);
        return true;
      case "full":
        full.toggle();
        return true;
      case "help":
        setHelpOpen(true);
        return true;
    }
  });
  const swipe = useSwipe((by) => view.turn(by));
  const isTurned = !enlarged && view.pages > 1;

  const tools = {
    layout,
    onLayout: chooseLayout,
    onArrange,
    pager: pagerOf(view, cameras.length, stepCamera),
  };
  return (
    <section
      ref={screen}
      className={classes.screen}
      aria-label={t("live.grid")}
      data-full={full.isFull || undefined}
      data-still={(full.isFull && isStill) || undefined}
      data-small={isSmall || undefined}
    >
      {isSmall ? <GridButton {...tools} /> : <GridToolbar {...tools} onHelp={() => setHelpOpen(true)} />}
      <div className={classes.space} data-turned={isTurned || undefined} {...(isTurned ? swipe : {})}>
        <div ref={frame} className={classes.frame}>
          {width > 0 && (
            <CameraGrid
              cameras={drawn}
              shape={shape}
              gapPx={GAP_PX}
              overlays={overlays}
              enlargedId={enlarged?.id ?? null}
              onToggleSize={view.toggleSize}
            />
          )}
        </div>
      </div>
      {full.isFull && <AwayNotice />}
      {isHelpOpen && (
        <Suspense>
          <KeyboardHelp onClose={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}

function pagerOf(
  view: ReturnType<typeof useGridView>,
  count: number,
  stepCamera: (by: 1 | -1) => void,
): Pager | null {
  if (view.enlarged)
    return count > 1 ? { kind: "camera", now: view.enlargedAt, all: count, turn: stepCamera } : null;
  if (view.pages === 1) return null;
  return { kind: "page", now: view.page, all: view.pages, turn: view.turn, goTo: view.goTo };
}
