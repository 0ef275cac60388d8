// The winners over all weights into a strip under the slider: a piece for each, as wide as the weights that it wins.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {import("./winners.js").Winner} Winner */

export class WinnerStrip {
  /** @param {SVGElement} element 100 wide, one for each hundredth of the weight. @param {HTMLInputElement} slider The weight. */
  constructor(element, slider) {
    Object.assign(this, { element, slider, key: null });
    // A help for the pointer alone: by keyboard the slider gets to each of them.
    element.addEventListener("click", ({ target }) => {
      if (!target.dataset.middle) return;
      slider.value = target.dataset.middle;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      slider.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /**
   * @param {Winner[]} winners
   * @param {number} w
   * @param {(winner: Winner) => {class: string, model: string, doubts: string[]}} describe
   */
  show(winners, w, describe) {
    const key = winners.map(({ row, from }) => `${row} ${from}`).join();
    if (key !== this.key) {
      this.key = key;
      this.element.replaceChildren(...winners.map((winner) => piece(winner, describe(winner))));
    }
    winners.forEach((winner, place) => this.element.children[place].classList.toggle("on", first(winner, w)));
  }
}

function piece({ from, to }, { class: class_, model, doubts }) {
  const rect = document.createElementNS(SVG, "rect");
  const attributes = { x: from, width: to - from, height: 1, class: `winner winner-${class_}` };
  for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, String(value));
  rect.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: doubts.length ? `${model}: in doubt ⚑` : model }));
  // The middle, unless no step of the slider is there.
  const middle = Math.round((from + to) / 2);
  if (middle >= from && middle <= to) rect.dataset.middle = String(middle);
  return rect;
}

/** @param {Winner} winner @param {number} w @returns {boolean} At a border the first of both. */
const first = ({ from, to }, w) => (w > from || from === 0) && w <= to;

/** @param {Winner[]} winners @param {number} w @returns {Winner | undefined} Who is first at a weight. */
export const winnerAt = (winners, w) => winners.find((winner) => first(winner, w));
