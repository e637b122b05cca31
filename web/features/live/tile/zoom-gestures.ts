import { type FrameSize, kept, movedBy, type Point, WHOLE, type ZoomView, zoomedAt } from "./zoom-view.ts";

type ZoomDeps = {
  /** Takes wheel, fingers and mouse. */
  surface: HTMLElement;
  /** What is enlarged: picture and everything drawn over it. Fills the surface at first. */
  stage: HTMLElement;
  onScale: (scale: number) => void;
};

/** How much one press of a key or a button enlarges. */
const STEP = 1.5;
const DOUBLE_CLICK = 2.5;
/** A notch of a mouse wheel (100) enlarges by about a fifth; a touchpad's fine steps by their share. */
const PER_WHEEL_PX = 0.002;
/** Of the frame, by one press of an arrow key. */
const PAN_FRACTION = 0.15;

/** Digital zoom by wheel, pinch, double click and drag. Draws by style alone: a gesture renders nothing anew. */
export function createZoom({ surface, stage, onScale }: ZoomDeps) {
  const fingers = new Map<number, Point>();
  const listening = new AbortController();
  let view = WHOLE;

  const frame = (): FrameSize => ({ widthPx: surface.clientWidth, heightPx: surface.clientHeight });
  const centre = (): Point => ({ xPx: surface.clientWidth / 2, yPx: surface.clientHeight / 2 });

  function show(next: ZoomView) {
    const isOtherScale = next.scale !== view.scale;
    view = next;
    stage.style.transform =
      view.scale === 1 ? "" : `translate(${view.xPx}px, ${view.yPx}px) scale(${view.scale})`;
    stage.style.setProperty("--zoom", String(view.scale)); // lines stay thin
    surface.style.cursor = view.scale === 1 ? "" : fingers.size > 0 ? "grabbing" : "grab";
    if (isOtherScale) onScale(view.scale);
  }

  function pointIn(event: MouseEvent): Point {
    const { left, top } = surface.getBoundingClientRect();
    return { xPx: event.clientX - left, yPx: event.clientY - top };
  }

  function onMove(event: PointerEvent) {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = pointIn(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    if (!other) return show(movedBy(view, { xPx: now.xPx - before.xPx, yPx: now.yPx - before.yPx }, frame()));
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    const middle = between(now, other);
    const was = between(before, other);
    const moved = movedBy(view, { xPx: middle.xPx - was.xPx, yPx: middle.yPx - was.yPx }, frame());
    show(zoomedAt(moved, factor, middle, frame()));
  }

  /** Moving a picture that is zoomed is no swipe to the next camera. */
  function keep(event: PointerEvent) {
    if (view.scale > 1) event.stopPropagation();
  }

  function onDown(event: PointerEvent) {
    if (event.button !== 0) return;
    keep(event);
    fingers.set(event.pointerId, pointIn(event));
    surface.setPointerCapture(event.pointerId);
    show(view);
  }

  function onUp(event: PointerEvent) {
    keep(event);
    fingers.delete(event.pointerId);
    show(view);
  }

  const { signal } = listening;
  const onWheel = (event: WheelEvent) => {
    event.preventDefault(); // the page behind must not scroll or zoom along
    show(zoomedAt(view, Math.exp(-event.deltaY * PER_WHEEL_PX), pointIn(event), frame()));
  };
  surface.addEventListener("wheel", onWheel, { signal, passive: false });
  surface.addEventListener("pointerdown", onDown, { signal });
  surface.addEventListener("pointermove", onMove, { signal });
  surface.addEventListener("pointerup", onUp, { signal });
  surface.addEventListener("pointercancel", onUp, { signal });
  surface.addEventListener(
    "dblclick",
    (event) => show(view.scale > 1 ? WHOLE : zoomedAt(view, DOUBLE_CLICK, pointIn(event), frame())),
    { signal },
  );
  const sizes = new ResizeObserver(() => show(kept(view, frame())));
  sizes.observe(surface);
  surface.style.touchAction = "none";

  return {
    closer: () => show(zoomedAt(view, STEP, centre(), frame())),
    farther: () => show(zoomedAt(view, 1 / STEP, centre(), frame())),
    reset: () => show(WHOLE),
    /** -1, 0 or 1 each: where to look next. */
    look(across: number, down: number) {
      const { widthPx, heightPx } = frame();
      show(
        movedBy(
          view,
          { xPx: -across * widthPx * PAN_FRACTION, yPx: -down * heightPx * PAN_FRACTION },
          frame(),
        ),
      );
    },
    stop() {
      listening.abort();
      sizes.disconnect();
      fingers.clear();
      show(WHOLE);
      surface.style.touchAction = "";
    },
  };
}
export type Zoom = ReturnType<typeof createZoom>;

const distance = (a: Point, b: Point) => Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
const between = (a: Point, b: Point): Point => ({ xPx: (a.xPx + b.xPx) / 2, yPx: (a.yPx + b.yPx) / 2 });
