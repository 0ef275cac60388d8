// A row of the setup into what is shown of it: its mark, its line in the ranking, its facts and its page.

import { modelPath } from "./data.js";
import { doubtsOf, factsOf } from "./facts.js";

export class Marks {
  /**
   * @param {import("./figures.js").Figures} figures
   * @param {import("./colouring.js").Colouring} colouring
   * @param {(key: string) => string} titleOf Of a class.
   */
  constructor(figures, colouring, titleOf) {
    Object.assign(this, { figures, models: figures.models, colouring, titleOf });
  }

  /** @param {number} row @returns {import("./annotations.js").Mark} */
  mark(row) {
    const { models, figures: { rows } } = this;
    const place = rows.model[row];
    const [model, class_, group] = [models.model[place], models.class[place], this.colouring.of[row]];
    const size = models.input_size_px[place];
    return { model, size, class: class_, group, energy: rows.energy[row], accuracy: rows.accuracy[row] };
  }

  /** @param {import("./ranking.js").Ranked} ranked @returns {import("./table.js").Entry} */
  entry({ row, score }) {
    const { models, figures: { rows, setup } } = this;
    const place = rows.model[row];
    const doubts = rows.flagged[row] ? doubtsOf(models, setup, place) : [];
    const mark = this.mark(row);
    return { ...mark, place, look: this.colouring.groups[mark.group], path: this.path(row), score, doubts };
  }

  /** @param {number} row @param {import("./view.js").View} view @returns {[string, string][]} The first is the heading. */
  facts(row, view) {
    const { models, figures } = this;
    const place = figures.rows.model[row];
    const subtitle = `${this.titleOf(models.class[place])}, ${models.input_size_px[place]}\u00a0px`;
    return [[models.model[place], subtitle], ...factsOf(figures, row, view.score, view.scoreOf(row))];
  }

  /** @param {number} row @returns {string} Of its page, from the site's root. */
  path(row) {
    return modelPath(this.models, this.figures.rows.model[row]);
  }
}
