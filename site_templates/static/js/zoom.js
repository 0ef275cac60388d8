// A part of the plane into a smaller, larger or neighbouring one, in round numbers, so that a link has just what is seen.

/** As many as a link needs to bring a view back. */
const DIGITS = 4;
/** The most that can be seen at once over the least: of the axes' length. */
const DEEPEST = 200;

/**
 * @typedef {import("./state.js").View} View
 * @typedef {import("./plane.js").Plane} Plane
 */

/**
 * @param {Plane} plane
 * @param {number} factor Above 1 shows less, and that larger.
 * @param {number} x Stays where it is, in pixels of the plot, as does y.
 * @param {number} y
 * @param {View} whole
 * @returns {View | null} Null for all there is.
 */
export function zoomed(plane, factor, x, y, whole) {
  const [left, right] = [x - x / factor, x + (plane.plotWidth - x) / factor];
  const [top, bottom] = [y - y / factor, y + (plane.plotHeight - y) / factor];
  return viewOf(plane, left, right, top, bottom, whole);
}

/** @returns {View | null} What comes into sight when the plane is moved by so many pixels. */
export const moved = (plane, dx, dy, whole) =>
  viewOf(plane, -dx, plane.plotWidth - dx, -dy, plane.plotHeight - dy, whole);

function viewOf(plane, left, right, top, bottom, whole) {
  const energy = inside(plane.position(plane.energyAt(left)), plane.position(plane.energyAt(right)), plane.position(whole[0]), plane.position(whole[1]));
  const accuracy = inside(plane.accuracyAt(bottom), plane.accuracyAt(top), whole[2], whole[3]);
  if (!energy || !accuracy) return rounded([...plane.energy, ...plane.accuracy]);
  const view = rounded([plane.energyOf(energy[0]), plane.energyOf(energy[1]), ...accuracy]);
  const all = view.every((value, place) => Math.abs(value - whole[place]) <= 1e-3 * Math.abs(whole[place]));
  return all ? null : view;
}

/** @returns {[number, number] | null} The part, moved and cut to lie within the whole; null where it is too small. */
function inside(from, to, first, last) {
  const length = Math.min(to - from, last - first);
  if (length < (last - first) / DEEPEST) return null;
  const start = Math.min(Math.max(from, first), last - length);
  return [start, start + length];
}

/** @param {View} view @returns {View} */
export const rounded = (view) => /** @type {View} */ (view.map((value) => Number(value.toPrecision(DIGITS))));
