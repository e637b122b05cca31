import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  arrayMove,
  rectSortingStrategy,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { useMediaState } from "../../../hooks/use-health.ts";
import type { QueueBoard } from "../../../hooks/use-queues.ts";
import { useWatched } from "../../../hooks/use-watched.ts";
import { CameraTile, type CameraTileProps } from "../tile/CameraTile.tsx";
import classes from "./arrange.module.css";
import { keptOrder } from "./camera-order.ts";
import { GAP_PX, gridShape } from "./grid-shape.ts";
import bar from "./grid-toolbar.module.css";
import { useLiveKeys } from "./use-live-keys.ts";

type ArrangeScreenProps = {
  /** All of them, as they are arranged now. */
  cameras: Camera[];
  order: string[];
  onOrder: (order: string[]) => void;
  onDone: () => void;
};

/** So small that many are in sight, so large that a finger and an eye find the right one. */
const TILE_PX = 170;
/** A finger that rests this long drags; one that moves at once scrolls. */
const HOLD = { delay: 180, tolerance: 8 };
/** A mouse that moved this far drags. */
const PULL = { distance: 5 };

/** All cameras at once, small, to be dragged into an order. Every drop is kept at once. */
export function ArrangeScreen({ cameras, order, onOrder, onDone }: ArrangeScreenProps) {
  const { t } = useTranslation();
  const { ref, width, height } = useElementSize();
  const isDragging = useRef(false);
  const ids = cameras.map(({ id }) => id);
  const { columns, tileWidthPx } = gridShape({
    count: cameras.length,
    widthPx: width,
    heightPx: height,
    leastTilePx: TILE_PX,
  });
  const announcements = useAnnouncements(cameras);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: PULL }),
    useSensor(TouchSensor, { activationConstraint: HOLD }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  useLiveKeys(({ kind }) => {
    if (kind !== "back" || isDragging.current) return false; // it gives up the drag
    onDone();
    return true;
  });

  function drop({ active, over }: DragEndEvent) {
    isDragging.current = false;
    if (!over || active.id === over.id) return;
    const moved = arrayMove(ids, ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
    onOrder(keptOrder(moved, order));
  }

  return (
    <section className={classes.screen} aria-label={t("layout.arrange")}>
      <div className={bar.arranging}>
        <p>{t("layout.arrangeText")}</p>
        <Button variant="default" disabled={order.length === 0} onClick={() => onOrder([])}>
          {t("layout.arrangeReset")}
        </Button>
        <Button onClick={onDone}>{t("layout.arrangeDone")}</Button>
      </div>
      <div className={classes.space}>
        <div ref={ref} className={classes.frame}>
          <DndContext
            sensors={sensors}
            collisionDetection={closestCenter}
            onDragStart={() => {
              isDragging.current = true;
            }}
            onDragCancel={() => {
              isDragging.current = false;
            }}
            onDragEnd={drop}
            accessibility={{
              announcements,
              screenReaderInstructions: { draggable: t("layout.drag.how") },
            }}
          >
            <SortableContext items={ids} strategy={rectSortingStrategy}>
              <ol
                className={classes.list}
                aria-label={t("layout.arrangeList")}
                style={{ gridTemplateColumns: `repeat(${columns}, ${tileWidthPx}px)`, gap: GAP_PX }}
              >
                {width > 0 && <Places cameras={cameras} widthPx={tileWidthPx} />}
              </ol>
            </SortableContext>
          </DndContext>
        </div>
      </div>
    </section>
  );
}

function Places({ cameras, widthPx }: { cameras: Camera[]; widthPx: number }) {
  const media = useMediaState();
  const isWatched = useWatched();
  return cameras.map((camera, index) => (
    <Place
      key={camera.id}
      number={index + 1}
      count={cameras.length}
      {...{ ...QUIET_TILE, camera, media, isWatched, widthPx }}
    />
  ));
}

const NO_QUEUES: QueueBoard = {};
/** Only the picture and its name: this is about where it stands. */
const QUIET_TILE = {
  queues: NO_QUEUES,
  isEnlarged: false,
  isCompact: true,
  isHandsOff: true,
  onToggleSize: () => {},
  overlays: { boxes: false, zones: false, names: true, counts: false, stats: false },
};

function Place({ number, count, ...tile }: CameraTileProps & { number: number; count: number }) {
  const { t } = useTranslation();
  const { id, name } = tile.camera;
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id,
    attributes: { roleDescription: t("layout.drag.role") },
  });
  return (
    <li
      ref={setNodeRef}
      className={classes.place}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <CameraTile {...tile} />
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <button
        type="button"
        className={classes.handle}
        {...attributes}
        {...listeners}
        aria-label={t("layout.place", { name, now: number, all: count })}
      />
    </li>
  );
}

/** What a screen reader says while a camera is moved. */
function useAnnouncements(cameras: Camera[]): Announcements {
  const { t } = useTranslation();
  return useMemo(() => {
    const words = (step: "start" | "over" | "end" | "cancel", id: UniqueIdentifier, at: UniqueIdentifier) => {
      const place = cameras.findIndex((camera) => camera.id === at);
      const name = cameras.find((camera) => camera.id === id)?.name ?? "";
      return t(`layout.drag.${step}`, { name, now: place + 1, all: cameras.length });
    };
    return {
      onDragStart: ({ active }) => words("start", active.id, active.id),
      onDragOver: ({ active, over }) => words("over", active.id, over?.id ?? active.id),
      onDragEnd: ({ active, over }) => words("end", active.id, over?.id ?? active.id),
      onDragCancel: ({ active }) => words("cancel", active.id, active.id),
    };
  }, [cameras, t]);
}
