// Energies and accuracies into the Pareto front and its upper hull, as builder/analysis/pareto.py has them.

/** @typedef {ArrayLike<number>} Numbers */

/**
 * @param {Numbers} energy
 * @param {Numbers} accuracy
 * @returns {number[]} Places of the models that no other beats, from the cheapest on; equal models are all there.
 */
export function paretoFront(energy, accuracy) {
  const places = Array.from(energy, (_, index) => index);
  return frontAlong(byEnergy(places, energy, accuracy), energy, accuracy);
}

/**
 * @template {number[] | Int32Array} Places
 * @param {Places} places
 * @param {Numbers} energy
 * @param {Numbers} accuracy
 * @returns {Places} Sorted in place: the cheapest first; of equal energies the most accurate.
 */
export const byEnergy = (places, energy, accuracy) =>
  places.sort((one, other) => energy[one] - energy[other] || accuracy[other] - accuracy[one] || one - other);

/**
 * @param {number[] | Int32Array} order Places, sorted by `byEnergy`: of all models, or of those that count.
 * @param {Numbers} energy
 * @param {Numbers} accuracy
 * @returns {number[]} Of these places the ones on the Pareto front.
 */
export function frontAlong(order, energy, accuracy) {
  const front = [];
  let best = -Infinity;
  let last = -1;
  for (let place = 0; place < order.length; place += 1) {
    const index = order[place];
    const equal = last >= 0 && energy[index] === energy[last] && accuracy[index] === accuracy[last];
    if (!equal && accuracy[index] <= best) continue;
    best = accuracy[index];
    last = index;
    front.push(index);
  }
  return front;
}

/**
 * @param {Numbers} x Energy or its logarithm.
 * @param {Numbers} accuracy
 * @returns {number[]} Vertices of the upper convex hull, from the cheapest model to the most accurate one.
 */
export const upperHull = (x, accuracy) => hullAlong(paretoFront(x, accuracy), (index) => x[index], accuracy);

/**
 * @param {number[]} front Places on the Pareto front, from the cheapest on.
 * @param {(place: number) => number} x Rises with energy.
 * @param {Numbers} accuracy
 * @returns {number[]} Of these places the vertices of the upper convex hull.
 */
export function hullAlong(front, x, accuracy) {
  const hull = [];
  for (const index of front) {
    if (hull.length && x(hull[hull.length - 1]) === x(index)) continue;
    while (hull.length > 1 && !turnsDown(x, accuracy, hull[hull.length - 2], hull[hull.length - 1], index)) hull.pop();
    hull.push(index);
  }
  return hull;
}

function turnsDown(x, y, first, second, third) {
  const before = (y[second] - y[first]) * (x(third) - x(second));
  const after = (y[third] - y[second]) * (x(second) - x(first));
  return after < before;
}
