// A shape and its area into a path, with the outlines that Vega's symbols have.

const HALF_SQRT_3 = Math.sqrt(3) / 2;

/** @type {Record<string, (context: CanvasRenderingContext2D, x: number, y: number, r: number) => void>} */
const OUTLINES = {
  circle: (context, x, y, r) => {
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  },
  square: (context, x, y, r) => context.rect(x - r, y - r, 2 * r, 2 * r),
  diamond: (context, x, y, r) => polygon(context, [x - r, y, x, y - r, x + r, y, x, y + r]),
  "triangle-up": (context, x, y, r) => {
    const h = HALF_SQRT_3 * r;
    polygon(context, [x, y - h, x - r, y + h, x + r, y + h]);
  },
  "triangle-down": (context, x, y, r) => {
    const h = HALF_SQRT_3 * r;
    polygon(context, [x, y + h, x - r, y - h, x + r, y - h]);
  },
  cross: (context, x, y, r) => {
    const s = r / 2.5;
    polygon(context, [
      x - r, y - s, x - r, y + s, x - s, y + s, x - s, y + r, x + s, y + r, x + s, y + s,
      x + r, y + s, x + r, y - s, x + s, y - s, x + s, y - r, x - s, y - r, x - s, y - s,
    ]);
  },
};

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} shape
 * @param {number} x In pixels, as is y.
 * @param {number} y
 * @param {number} size Area of the square around it, in square pixels.
 */
export function trace(context, shape, x, y, size) {
  context.beginPath();
  OUTLINES[shape](context, x, y, Math.sqrt(size) / 2);
}

function polygon(context, corners) {
  context.moveTo(corners[0], corners[1]);
  for (let place = 2; place < corners.length; place += 2) context.lineTo(corners[place], corners[place + 1]);
  context.closePath();
}
