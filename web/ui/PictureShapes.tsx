import classes from "./picture-shapes.module.css";

/** In fractions of the picture. */
type Place = { x: number; y: number };

/** Something drawn on a picture. An arrow has two points; its head shows the way from its left to its right. */
export type PictureShape = {
  id: string;
  name: string;
  tone: "area" | "hidden" | "arrow";
  points: Place[];
  /** It makes no sense as it is. */
  isWrong?: boolean;
  isActive?: boolean;
};

type PictureShapesProps = { shapes: PictureShape[]; widthPx: number; heightPx: number };

/** Areas and arrows with their names over a picture; fitted as the picture is (letterboxed). */
export function PictureShapes({ shapes, widthPx, heightPx }: PictureShapesProps) {
  const unit = Math.min(widthPx, heightPx) / 100;
  return (
    <svg
      className={classes.shapes}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
      fontSize={unit * 5}
    >
      {shapes.map((shape) => {
        const points = shape.points.map(({ x, y }) => ({ x: x * widthPx, y: y * heightPx }));
        const place = nameplate(shape.tone, points, unit);
        return (
          <g
            key={shape.id}
            className={classes[shape.tone]}
            data-wrong={shape.isWrong || undefined}
            data-active={shape.isActive || undefined}
          >
            {shape.tone === "arrow" ? (
              <path d={arrowPath(points, unit)} />
            ) : (
              <polygon points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
            )}
            {shape.isActive && points.map((point, index) => <Corner key={index} {...point} unit={unit} />)}
            <text x={place.x} y={place.y} textAnchor="middle">
              {shape.name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const Corner = ({ x, y, unit }: Place & { unit: number }) => <circle cx={x} cy={y} r={unit * 1.2} />;

/** Where the name stands: in the middle of the area, or above the middle of the arrow's line. */
function nameplate(tone: PictureShape["tone"], points: Place[], unit: number): Place {
  const mean = (axis: "x" | "y") =>
    points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length);
  return { x: mean("x"), y: mean("y") - (tone === "arrow" ? unit * 2 : 0) };
}

/** The line, and at its middle an arrow to its right as seen from its beginning. */
function arrowPath([from, to]: Place[], unit: number): string {
  if (!from || !to) return "";
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const right = { x: -along.y, y: along.x };
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const at = (ahead: number, aside: number) =>
    `${middle.x + right.x * ahead * unit + along.x * aside * unit} ${middle.y + right.y * ahead * unit + along.y * aside * unit}`;
  const head = `M ${at(0, 0)} L ${at(10, 0)} M ${at(6.5, -3)} L ${at(10, 0)} L ${at(6.5, 3)}`;
  return `M ${from.x} ${from.y} L ${to.x} ${to.y} ${head}`;
}
