// A setup and test sets into what the page shows of them: the rows that the filters leave, and, when they are asked for,
// their front, the front of each year, the growth fit, and the winners over all weights.

import { rowsOf } from "./data.js";
import { keeps } from "./filters.js";
import { fitGrowth } from "./growth.js";
import { byEnergy, frontAlong } from "./pareto.js";
import { within } from "./ranking.js";
import { contextOf } from "./scores.js";
import { found } from "./search.js";
import { winners } from "./winners.js";

export class Figures {
  /**
   * @param {any} models data/explorer/models.json
   * @param {any} setup data/explorer/<setup>.json
   * @param {string[]} testSets
   */
  constructor(models, setup, testSets) {
    this.models = models;
    this.setup = setup;
    this.rows = rowsOf(models, setup, testSets);
    /** Of all rows: filters and limits leave scores as they are. */
    this.context = contextOf(this.rows.energy, this.rows.accuracy);
    this.order = byEnergy(this.rows.complete.slice(), this.rows.energy, this.rows.accuracy);
    this.kept = this.order;
    this.known = new Map();
  }

  /** @param {import("./state.js").State} state Leaves the rows that its filters do, the cheapest first. */
  filter(state) {
    this.kept = this.order.filter(keeps(this.models, this.rows, state));
    this.known.clear();
  }

  /** @returns {[number, number][]} Energy and accuracy on the Pareto front, from the cheapest on. */
  get front() {
    return this.once("front", () => this.places(frontAlong(this.kept, this.rows.energy, this.rows.accuracy)));
  }

  /** @returns {{year: number, points: [number, number][]}[]} The front of all models up to each year that moved it. */
  get fronts() {
    return this.once("fronts", () => {
      const { energy, accuracy, model } = this.rows;
      const yearOf = (row) => this.models.year[model[row]];
      // Timm's models for tests of software have the years of the papers that they borrow from.
      const dated = this.kept.filter((row) => !this.models.model[model[row]].startsWith("test_"));
      const years = [...new Set(Array.from(dated, yearOf))].sort((one, other) => one - other);
      const fronts = years.map((year) => ({
        year,
        points: this.places(frontAlong(dated.filter((row) => yearOf(row) <= year), energy, accuracy)),
      }));
      return fronts.filter(({ points }, place) => !place || String(points) !== String(fronts[place - 1].points));
    });
  }

  /** @returns {import("./growth.js").GrowthFit | null} */
  get fit() {
    const column = (place) => this.front.map((point) => point[place]);
    return this.once("fit", () => fitGrowth(column(0), column(1)));
  }

  /** @param {string} text @returns {number[]} Rows that a search finds. */
  found(text) {
    return this.latest("found", [text], () => found(this.models, this.kept, this.rows.model, text));
  }

  /**
   * @param {import("./state.js").State} state
   * @returns {Int32Array} Of the rows kept the ones within the limits, the cheapest first.
   */
  eligible({ minAccuracy, maxEnergy }) {
    const limits = { minAccuracy, maxEnergy };
    return this.latest("eligible", [minAccuracy, maxEnergy], () => within(this.kept, this.rows, limits));
  }

  /**
   * @param {import("./scores.js").Score} score
   * @param {Int32Array} eligible
   * @returns {import("./winners.js").Winner[]}
   */
  winners(score, eligible) {
    const { energy, accuracy } = this.rows;
    return this.latest("winners", [score, eligible], () => winners(score, this.context, energy, accuracy, eligible));
  }

  /** @param {number} place In models.json. @returns {number} Its row among those kept, -1 where there is none. */
  rowOf(place) {
    return this.kept.find((row) => this.rows.model[row] === place) ?? -1;
  }

  places(rows) {
    return rows.map((row) => [this.rows.energy[row], this.rows.accuracy[row]]);
  }

  /** The last answer alone is kept: for sliders that do not change it. */
  latest(name, asked, make) {
    const last = this.known.get(name);
    if (last?.asked.every((value, place) => value === asked[place])) return last.answer;
    const answer = make();
    this.known.set(name, { asked, answer });
    return answer;
  }

  once(name, make) {
    if (!this.known.has(name)) this.known.set(name, make());
    return this.known.get(name);
  }
}
