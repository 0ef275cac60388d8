// The part of the plane that the chart shows: its domains, its ticks, and where a point stands on it in pixels, as
// builder/charts/plane.py has it.

const LINEAR_TICKS = 5;
/** Fewer ticks than these leave the reader guessing. */
const FEW = 3;
const ACCURACY_STEP = 5;

/** @typedef {{left: number, right: number, top: number, bottom: number}} Padding */

export class Plane {
  /**
   * @param {[number, number]} energy From and to, in mJ.
   * @param {[number, number]} accuracy From and to, in percent.
   * @param {"log" | "linear"} scale Of the energy.
   * @param {number} width Of the whole picture with its axes, in pixels.
   * @param {number} height
   * @param {number} modelSize Area of a model's mark, in square pixels.
   * @param {Padding} padding
   */
  constructor(energy, accuracy, scale, width, height, modelSize, padding) {
    Object.assign(this, { energy, accuracy, scale, width, height, modelSize, padding });
    this.plotWidth = width - padding.left - padding.right;
    this.plotHeight = height - padding.top - padding.bottom;
    this.log = scale === "log";
    this.from = this.position(energy[0]);
    this.span = this.position(energy[1]) - this.from;
  }

  /** @param {import("./state.js").View} view @returns {Plane} Another part, in the same room. */
  showing([energyFrom, energyTo, accuracyFrom, accuracyTo]) {
    const { scale, width, height, modelSize, padding } = this;
    return new Plane([energyFrom, energyTo], [accuracyFrom, accuracyTo], scale, width, height, modelSize, padding);
  }

  /** @returns {number[]} Decades of a logarithmic scale, or 1, 2 and 5 in each where there are few; else round values. */
  get ticks() {
    const [low, high] = this.energy;
    if (this.log) {
      const powers = range(Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)).map((power) => 10 ** power);
      if (powers.length >= FEW) return powers;
      const first = 10 ** Math.floor(Math.log10(low));
      const more = [1, 10, 100, 1000].flatMap((decade) => [1, 2, 5].map((nice) => nice * decade * first));
      const shown = more.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
      if (shown.length >= FEW) return shown;
    }
    const step = niceStep((high - low) / LINEAR_TICKS);
    return range(Math.ceil(low / step), Math.floor(high / step)).map((place) => step * place);
  }

  /** @param {number} energy @returns {number} Pixels from the accuracy axis. */
  x(energy) {
    return ((this.position(energy) - this.from) / this.span) * this.plotWidth;
  }

  /** @param {number} energy @returns {number} On a scale on which equal lengths are equal pixels. */
  position(energy) {
    return this.log ? Math.log(energy) : energy;
  }

  /** @param {number} position @returns {number} The inverse of `position`. */
  energyOf(position) {
    return this.log ? Math.exp(position) : position;
  }

  /** @param {number} accuracy @returns {number} Pixels from the plot's top. */
  y(accuracy) {
    return ((this.accuracy[1] - accuracy) / (this.accuracy[1] - this.accuracy[0])) * this.plotHeight;
  }

  /** @param {number} x @returns {number} The inverse of `x`. */
  energyAt(x) {
    return this.energyOf(this.from + this.span * (x / this.plotWidth));
  }

  /** @param {number} y @returns {number} The inverse of `y`. */
  accuracyAt(y) {
    return this.accuracy[1] - ((this.accuracy[1] - this.accuracy[0]) * y) / this.plotHeight;
  }
}

/** @param {number} step @returns {number} The nearest of 1, 2 and 5 times a power of ten that is not below it. */
export function niceStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((nice) => nice * power).find((nice) => nice >= step * (1 - 1e-9));
}

/** @param {number} low @param {number} high @returns {[number, number]} Multiples of 5 %, with room above for names. */
export function accuracyDomain(low, high) {
  const from = Math.floor(low / ACCURACY_STEP) * ACCURACY_STEP;
  return [from, Math.min(100, Math.ceil(high / ACCURACY_STEP + 0.5) * ACCURACY_STEP)];
}

/** @param {number} first @param {number} last @returns {number[]} */
function range(first, last) {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
}
