// Energies and accuracies into the Pareto front and its upper hull, as builder/analysis/pareto.py has them.

/**
 * @param {ArrayLike<number>} energy
 * @param {ArrayLike<number>} accuracy
 * @returns {number[]} Places of the models that no other beats, from the cheapest on; equal models are all there.
 */
export function paretoFront(energy, accuracy) {
  const order = Array.from(energy, (_, index) => index);
  order.sort((one, other) => energy[one] - energy[other] || accuracy[other] - accuracy[one] || one - other);
  const front = [];
  let best = -Infinity;
  let last = -1;
  for (const index of order) {
    const equal = last >= 0 && energy[index] === energy[last] && accuracy[index] === accuracy[last];
    if (!equal && accuracy[index] <= best) continue;
    best = accuracy[index];
    last = index;
    front.push(index);
  }
  return front;
}

/**
 * @param {ArrayLike<number>} x Energy or its logarithm.
 * @param {ArrayLike<number>} accuracy
 * @returns {number[]} Vertices of the upper convex hull, from the cheapest model to the most accurate one.
 */
export function upperHull(x, accuracy) {
  const hull = [];
  for (const index of paretoFront(x, accuracy)) {
    if (hull.length && x[hull[hull.length - 1]] === x[index]) continue;
    while (hull.length > 1 && !turnsDown(x, accuracy, hull[hull.length - 2], hull[hull.length - 1], index)) hull.pop();
    hull.push(index);
  }
  return hull;
}

function turnsDown(x, y, first, second, third) {
  const before = (y[second] - y[first]) * (x[third] - x[second]);
  const after = (y[third] - y[second]) * (x[second] - x[first]);
  return after < before;
}
