import { useElementSize } from "@mantine/hooks";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import type { Camera } from "#contract/cameras.ts";
import { useCalmUpdate } from "../../../hooks/use-calm-update.ts";
import { useCameras } from "../../../hooks/use-cameras.ts";
import { useFullScreen } from "../../../hooks/use-full-screen.ts";
import { useStationFacts } from "../../../hooks/use-station.ts";
import { Waiting } from "../../../ui/Waiting.tsx";
import { AwayNotice } from "../grid/AwayNotice.tsx";
import { CameraGrid } from "../grid/CameraGrid.tsx";
import { inOrder } from "../grid/camera-order.ts";
import { gridShape, LEAST_TILE_PX, readableTiles } from "../grid/grid-shape.ts";
import type { LiveKey } from "../grid/live-keys.ts";
import { evenPages, onPage, pageAt, stepped } from "../grid/pages.ts";
import { useDrawnTiles } from "../grid/use-drawn-tiles.ts";
import { useLiveKeys } from "../grid/use-live-keys.ts";
import { useStill } from "../grid/use-still.ts";
import { useSwipe } from "../grid/use-swipe.ts";
import { type Layout, useLiveSettings } from "../live-settings.ts";
import { useScreenLock } from "./use-screen-lock.ts";
import { WallControls } from "./WallControls.tsx";
import classes from "./wall.module.css";
import { wallErrors } from "./wall-errors.ts";
import { wallParameters } from "./wall-parameters.ts";

/** The mouse and the controls go away after this. */
const HIDE_AFTER_MS = 3_000;
/** Pages turn again, and an update is taken, once nobody touched the screen for so long. */
const CALM_AFTER_MS = 30_000;
/** A wall that ran for so long runs well. */
const RUNS_WELL_MS = 60_000;
const GAP_PX = 4;

/** Pictures and nothing else, on a screen at which nobody stands. Whatever happens, it comes back by itself. */
export function WallScreen() {
  const { t } = useTranslation();
  useStationFacts();
  const list = useCameras();
  const { order } = useLiveSettings();
  const isCalm = useStill(CALM_AFTER_MS, true);
  useCalmUpdate(isCalm);
  useEffect(() => {
    const timer = setTimeout(wallErrors.forget, RUNS_WELL_MS);
    return () => clearTimeout(timer);
  }, []);
  const cameras = list.status === "ready" ? list.cameras : null;
  const arranged = useMemo(() => cameras && inOrder(cameras, order), [cameras, order]);

  if (arranged && arranged.length > 0) return <Wall cameras={arranged} isCalm={isCalm} />;
  return (
    <Wall cameras={[]} isCalm={isCalm}>
      {list.status === "loading" ? (
        <Waiting label={t("common.loading")} />
      ) : (
        <p className={classes.words}>{t(list.status === "failed" ? "wall.failed" : "wall.empty")}</p>
      )}
    </Wall>
  );
}

type WallProps = {
  cameras: Camera[];
  /** Nobody has touched the screen for a while. */
  isCalm: boolean;
  /** In place of the pictures. */
  children?: ReactNode;
};

function Wall({ cameras, isCalm, children }: WallProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const full = useFullScreen();
  const isStill = useStill(HIDE_AFTER_MS);
  const lock = useScreenLock();
  const { overlays } = useLiveSettings();
  const { ref, width, height } = useElementSize();
  const wall = useWall();
  const { layout, rotateS } = wall;
  const room = layout === "auto" ? readableTiles({ widthPx: width, heightPx: height, gapPx: GAP_PX }) : 0;
  const perPage = layout === "auto" ? evenPages(cameras.length, room) : layout ** 2;
  const { page, pages, turn } = useWallPages({
    count: cameras.length,
    perPage,
    first: wall.page,
    rotateS: isCalm ? rotateS : 0,
  });
  const drawn = useDrawnTiles(onPage(cameras, page, perPage));
  const swipe = useSwipe(turn);
  const leave = () => void navigate("/");

  useLiveKeys((key: LiveKey) => {
    switch (key.kind) {
      case "back":
        if (full.isFull) full.leave();
        else leave();
        return true;
      case "full":
        full.toggle();
        return true;
      case "layout":
        wall.setLayout(key.layout);
        return true;
      case "page":
        turn(key.by);
        return true;
      case "move":
        turn(key.direction === "left" || key.direction === "up" ? -1 : 1);
        return true;
      case "help":
        return false;
    }
  });

  const shape = gridShape({
    count: perPage,
    widthPx: width,
    heightPx: height,
    leastTilePx: LEAST_TILE_PX,
    gapPx: GAP_PX,
  });
  return (
    <main
      className={classes.wall}
      aria-label={t("wall.label")}
      data-still={isStill || undefined}
      data-page={page + 1}
      data-pages={pages}
      {...swipe}
    >
      <div ref={ref} className={classes.pictures}>
        {children}
        {width > 0 && cameras.length > 0 && (
          <CameraGrid
            cameras={drawn}
            shape={shape}
            gapPx={GAP_PX}
            overlays={overlays}
            onToggleSize={nothing}
            isHandsOff
          />
        )}
      </div>
      <AwayNotice />
      <WallControls
        pager={pages > 1 ? { kind: "page", now: page, all: pages, turn } : null}
        layout={layout}
        onLayout={wall.setLayout}
        rotateS={rotateS}
        onRotateS={wall.setRotateS}
        hasDarkScreen={lock === "missing"}
        onLeave={leave}
      />
    </main>
  );
}

const nothing = () => {};

/** What the address says, and where it says nothing, what this device keeps. What is chosen here is put into the address. */
function useWall() {
  const settings = useLiveSettings();
  const [search, setSearch] = useSearchParams();
  const said = wallParameters(search.toString());
  const put = (name: string, value: number | string) =>
    setSearch(
      (before) => {
        before.set(name, String(value));
        return before;
      },
      { replace: true },
    );
  return {
    layout: said.layout ?? settings.layout,
    page: said.page,
    rotateS: said.rotateS ?? settings.rotateS,
    setLayout: (layout: Layout) => put("layout", layout),
    setRotateS(rotateS: number) {
      put("rotate", rotateS);
      if (rotateS > 0) settings.setRotateS(rotateS);
    },
  };
}

type WallPages = { count: number; perPage: number; first: number; rotateS: number };

/** The page shown; the next one comes after `rotateS` seconds, 0 stays. */
function useWallPages({ count, perPage, first, rotateS }: WallPages) {
  const [wanted, setWanted] = useState(first);
  const { page, pages } = pageAt(wanted * perPage, count, perPage);
  const turn = (by: 1 | -1) => setWanted(stepped(page, by, pages));
  useEffect(() => {
    if (rotateS === 0 || pages < 2) return;
    const timer = setTimeout(() => setWanted(stepped(page, 1, pages)), rotateS * 1_000);
    return () => clearTimeout(timer);
  }, [page, pages, rotateS]);
  return { page, pages, turn };
}
