// How far energies can be trusted: intervals and "not distinguishable", as builder/analysis/intervals.py has them.

// Gain error of a card's power sensor: arXiv:2312.02741.
const SENSOR_GAIN = 0.05;

/** @typedef {[number, number]} Interval Low and high end, in mJ. */

/**
 * @param {any} setup data/explorer/<setup>.json
 * @param {number} row
 * @returns {Interval | null} Of its trials, otherwise the setup's noise floor; null where there is neither.
 */
export function intervalOf(setup, row) {
  const low = setup.energy_low_mj[row];
  if (low !== null) return [low, setup.energy_high_mj[row]];
  const share = setup.noise_floor;
  const energy = setup.energy_mj[row];
  return share === null ? null : [energy * Math.max(0, 1 - share), energy * (1 + share)];
}

/**
 * @param {Interval | null} one
 * @param {Interval | null} other
 * @param {boolean} sameCard Whether one card measured both; otherwise each sensor's gain widens its interval.
 * @returns {boolean | null} Whether they are apart; null where one is not known.
 */
export function distinguishable(one, other, sameCard) {
  if (!one || !other) return null;
  const [[low, high], [otherLow, otherHigh]] = [widened(one, sameCard), widened(other, sameCard)];
  return high < otherLow || otherHigh < low;
}

/**
 * @param {Interval | null} before
 * @param {Interval | null} after
 * @param {boolean} sameCard
 * @returns {[number, number] | null} The least and the most that the ratio after ÷ before can be.
 */
export function ratioInterval(before, after, sameCard) {
  if (!before || !after) return null;
  const [[low, high], [afterLow, afterHigh]] = [widened(before, sameCard), widened(after, sameCard)];
  return [afterLow / high, low > 0 ? afterHigh / low : Infinity];
}

/** @param {any} setup data/explorer/<setup>.json @returns {Map<number, string[]>} Place of a model in doubt -> rules. */
export const doubtsOf = (setup) => new Map(setup.flagged.map(({ index, rules }) => [index, rules]));

const widened = ([low, high], sameCard) => (sameCard ? [low, high] : [low * (1 - SENSOR_GAIN), high * (1 + SENSOR_GAIN)]);
