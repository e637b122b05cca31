/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number];

/** `#rrggbb`. */
export function colour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** A picture as RGB bytes, row by row. */
export type Canvas = { widthPx: number; heightPx: number; pixels: Uint8ClampedArray };

export function createCanvas(widthPx: number, heightPx: number): Canvas {
  return { widthPx, heightPx, pixels: new Uint8ClampedArray(widthPx * heightPx * 3) };
}

export type Point = readonly [x: number, y: number];

export type Extent = { left: number; top: number; right: number; bottom: number };

/** Where the shapes go: onto a canvas, or only into a measure of what they would cover. */
export type Painter = {
  circle(centre: Point, radius: number, fill: Colour, opacity?: number): void;
  ellipse(centre: Point, radiusX: number, radiusY: number, fill: Colour, opacity?: number): void;
  /** A line with round ends, as thick as twice the radius at each. */
  capsule(from: Point, to: Point, radius: number, fill: Colour, toRadius?: number): void;
  /** A rectangle with round corners. */
  panel(extent: Extent, cornerRadius: number, fill: Colour, opacity?: number): void;
  /** Convex, corners clockwise. */
  polygon(corners: Point[], fill: Colour, opacity?: number): void;
};

/** Shapes by their signed distance in pixels: edges are smooth without drawing anything larger first. */
export function createPainter(canvas: Canvas): Painter {
  function fillShape(
    bounds: Extent,
    fill: Colour,
    opacity: number,
    distance: (x: number, y: number) => number,
  ) {
    const left = Math.max(0, Math.floor(bounds.left - 1));
    const right = Math.min(canvas.widthPx, Math.ceil(bounds.right + 1));
    const top = Math.max(0, Math.floor(bounds.top - 1));
    const bottom = Math.min(canvas.heightPx, Math.ceil(bounds.bottom + 1));
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const cover = 0.5 - distance(x + 0.5, y + 0.5);
        if (cover > 0) blend(canvas.pixels, (y * canvas.widthPx + x) * 3, fill, Math.min(1, cover) * opacity);
      }
    }
  }

  return {
    circle(centre, radius, fill, opacity = 1) {
      const [cx, cy] = centre;
      fillShape(around(centre, radius, radius), fill, opacity, (x, y) => Math.hypot(x - cx, y - cy) - radius);
    },
    ellipse(centre, radiusX, radiusY, fill, opacity = 1) {
      const [cx, cy] = centre;
      const smaller = Math.min(radiusX, radiusY);
      fillShape(
        around(centre, radiusX, radiusY),
        fill,
        opacity,
        (x, y) => (Math.hypot((x - cx) / radiusX, (y - cy) / radiusY) - 1) * smaller,
      );
    },
    capsule([ax, ay], [bx, by], radius, fill, toRadius = radius) {
      const lengthSquared = (bx - ax) ** 2 + (by - ay) ** 2 || 1;
      fillShape(capsuleExtent([ax, ay], [bx, by], Math.max(radius, toRadius)), fill, 1, (x, y) => {
        const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / lengthSquared;
        const at = Math.max(0, Math.min(1, along));
        const thickness = radius + (toRadius - radius) * at;
        return Math.hypot(x - ax - (bx - ax) * at, y - ay - (by - ay) * at) - thickness;
      });
    },
    panel(extent, cornerRadius, fill, opacity = 1) {
      const cx = (extent.left + extent.right) / 2;
      const cy = (extent.top + extent.bottom) / 2;
      const halfWidth = (extent.right - extent.left) / 2 - cornerRadius;
      const halfHeight = (extent.bottom - extent.top) / 2 - cornerRadius;
      fillShape(extent, fill, opacity, (x, y) => {
        const dx = Math.abs(x - cx) - halfWidth;
        const dy = Math.abs(y - cy) - halfHeight;
        return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - cornerRadius;
      });
    },
    polygon(corners, fill, opacity = 1) {
      const edges = corners.map(([ax, ay], index) => {
        const [bx, by] = corners[(index + 1) % corners.length] ?? [ax, ay];
        const length = Math.hypot(bx - ax, by - ay) || 1;
        return { ax, ay, normalX: (by - ay) / length, normalY: -(bx - ax) / length };
      });
      fillShape(extentOf(corners), fill, opacity, (x, y) =>
        edges.reduce(
          (far, { ax, ay, normalX, normalY }) => Math.max(far, (x - ax) * normalX + (y - ay) * normalY),
          Number.NEGATIVE_INFINITY,
        ),
      );
    },
  };
}

/** Paints nothing and remembers how far the shapes reach. */
export function createMeasure(): Painter & { extent(): Extent } {
  const seen: Extent[] = [];
  return {
    circle: (centre, radius) => void seen.push(around(centre, radius, radius)),
    ellipse: (centre, radiusX, radiusY) => void seen.push(around(centre, radiusX, radiusY)),
    capsule: (from, to, radius, _fill, toRadius = radius) =>
      void seen.push(capsuleExtent(from, to, Math.max(radius, toRadius))),
    panel: (extent) => void seen.push(extent),
    polygon: (corners) => void seen.push(extentOf(corners)),
    extent: () => ({
      left: Math.min(...seen.map((one) => one.left)),
      top: Math.min(...seen.map((one) => one.top)),
      right: Math.max(...seen.map((one) => one.right)),
      bottom: Math.max(...seen.map((one) => one.bottom)),
    }),
  };
}

function blend(pixels: Uint8ClampedArray, at: number, fill: Colour, opacity: number): void {
  for (const channel of [0, 1, 2] as const) {
    const below = pixels[at + channel] ?? 0;
    pixels[at + channel] = below + (fill[channel] - below) * opacity;
  }
}

function around([x, y]: Point, radiusX: number, radiusY: number): Extent {
  return { left: x - radiusX, top: y - radiusY, right: x + radiusX, bottom: y + radiusY };
}

function capsuleExtent([ax, ay]: Point, [bx, by]: Point, radius: number): Extent {
  return {
    left: Math.min(ax, bx) - radius,
    top: Math.min(ay, by) - radius,
    right: Math.max(ax, bx) + radius,
    bottom: Math.max(ay, by) + radius,
  };
}

function extentOf(corners: Point[]): Extent {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
