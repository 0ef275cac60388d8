// Rows of the chart's lines and notes, in data units, and how far a note reaches.

/** Width of a note's character and height of its line, in pixels. */
export const CHARACTER = 6.7;
export const LINE = 15;

/** @param {string} name @param {string} kind @param {[number, number][]} points Energy in mJ and accuracy in percent. */
export const line = (name, kind, points) =>
  points.map(([energy, accuracy]) => ({ energy_mj: energy, accuracy_pct: accuracy, line: name, kind }));

/**
 * @param {import("./plane.js").Plane} plane
 * @param {number} x In pixels, as is y.
 * @param {number} y
 * @param {string} text
 * @param {string} kind
 * @param {"left" | "right"} align Which side of the text is at x.
 */
export const note = (plane, x, y, text, kind, align) => ({
  energy_mj: plane.energyAt(x),
  accuracy_pct: plane.accuracyAt(y),
  text,
  kind,
  align,
});

/** @returns {[number, number]} From and to, in pixels. */
export function reach(plane, one) {
  const [x, width] = [plane.x(one.energy_mj), (one.text.length + 1) * CHARACTER];
  return one.align === "right" ? [x - width, x] : [x, x + width];
}
