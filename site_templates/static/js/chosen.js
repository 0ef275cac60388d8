// The model chosen: a name in the form, a place in models.json, and the ways to the ones that are like it.

import { exactly, labelOf, siblingsOf } from "./search.js";

/**
 * @param {any} models data/explorer/models.json
 * @param {string} name name@size
 * @returns {number | null} Its place; null where there is none.
 */
export function placeOf(models, name) {
  const [model, size] = name.split(/@(?=\d+$)/u);
  for (let place = models.model.indexOf(model); place >= 0; place = models.model.indexOf(model, place + 1)) {
    if (String(models.input_size_px[place]) === size) return place;
  }
  return null;
}

export class Chosen {
  /**
   * @param {HTMLElement} element Shown while a model is chosen.
   * @param {any} models data/explorer/models.json
   * @param {(text: string) => void} search
   */
  constructor(element, models, search) {
    Object.assign(this, { element, models, place: null });
    const marks = (button, kind, nameOf) =>
      element.querySelector(button).addEventListener("click", () => search(exactly(kind, nameOf(this.place))));
    marks("[data-family]", "family", (place) => models.family[place]);
    marks("[data-siblings]", "siblings", (place) => siblingsOf(models, place));
  }

  /** @param {number | null} place */
  show(place) {
    this.place = place;
    this.element.hidden = place === null;
    const name = this.element.querySelector("[data-name]");
    const text = place === null ? "" : labelOf(this.models, place);
    if (name.textContent !== text) name.textContent = text;
  }
}
