// Pointer, touch and focus into the model that is meant, and what is known of it into a panel beside its mark.

import { NOTHING, count, energy, number, percent, scoreNumber, withUnit } from "./format.js";

/** How far from a mark the pointer may be, in pixels. */
const REACH = 16;
const ASIDE = 14;

export class Tooltip {
  /**
   * @param {HTMLElement} container The chart.
   * @param {(row: number) => string} open Where a row's page is.
   * @param {(row: number) => [string, string][]} facts Name and value of what is shown of a row; the first is its heading.
   */
  constructor(container, open, facts) {
    this.container = container;
    this.facts = facts;
    this.open = open;
    this.row = -1;
    this.panel = container.querySelector("[data-tooltip]");
    this.ring = container.querySelector("[data-ring]");
    container.addEventListener("pointermove", (event) => this.move(event));
    container.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.show(-1));
    container.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.show(-1));
  }

  /**
   * @param {import("./plane.js").Plane} plane
   * @param {import("./data.js").Rows} rows
   */
  place(plane, rows) {
    this.plane = plane;
    this.rows = rows;
    this.x = Float64Array.from(rows.complete, (row) => plane.padding.left + plane.x(rows.energy[row]));
    this.y = Float64Array.from(rows.complete, (row) => plane.padding.top + plane.y(rows.accuracy[row]));
    this.show(-1);
  }

  /** @param {number} row Shown beside its mark; -1 hides the panel. */
  show(row) {
    if (row === this.row && row < 0) return;
    const moved = row !== this.row;
    this.row = row;
    this.panel.hidden = this.ring.hidden = row < 0;
    this.container.classList.toggle("on-model", row >= 0);
    if (row < 0) return;
    const place = this.rows.complete.indexOf(row);
    const [x, y] = [this.x[place], this.y[place]];
    if (moved) this.write(row);
    this.ring.style.translate = `${x}px ${y}px`;
    const { width, height } = this.panel.getBoundingClientRect();
    const left = x + ASIDE + width <= this.plane.width ? x + ASIDE : x - ASIDE - width;
    const top = Math.min(Math.max(0, y - height / 2), Math.max(0, this.plane.height - height));
    this.panel.style.translate = `${Math.max(0, left)}px ${top}px`;
  }

  write(row) {
    const [[title, subtitle], ...facts] = this.facts(row);
    const heading = document.createElement("p");
    heading.append(Object.assign(document.createElement("a"), { textContent: title, href: this.open(row) }));
    const list = document.createElement("dl");
    for (const [name, value] of facts) {
      list.append(
        Object.assign(document.createElement("dt"), { textContent: name }),
        Object.assign(document.createElement("dd"), { textContent: value }),
      );
    }
    const small = Object.assign(document.createElement("p"), { textContent: subtitle, className: "quiet" });
    this.panel.replaceChildren(heading, small, list);
  }

  move(event) {
    if (event.pointerType === "mouse" && !this.panel.contains(event.target)) this.show(this.at(event));
  }

  /** A mouse opens the model's page at once; a finger sees the panel first, and its link. */
  click(event) {
    if (event.target.closest("a")) return;
    const row = this.at(event);
    const byMouse = event.pointerType === "mouse";
    this.panel.classList.toggle("pinned", !byMouse);
    if (row >= 0 && byMouse) location.assign(this.open(row));
    else this.show(row);
  }

  /** @returns {number} The row whose mark is nearest, -1 where none is near. */
  at(event) {
    if (!this.plane) return -1;
    const box = this.container.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = -1;
    let least = REACH * REACH;
    for (let place = 0; place < this.x.length; place += 1) {
      const distance = (this.x[place] - x) ** 2 + (this.y[place] - y) ** 2;
      if (distance <= least) [nearest, least] = [this.rows.complete[place], distance];
    }
    return nearest;
  }
}

/**
 * @param {any} setup data/explorer/<setup>.json
 * @param {number} row
 * @param {number} accuracy
 * @param {import("./scores.js").Score} score
 * @param {number} value The row's score.
 * @returns {[string, string][]}
 */
export function factsOf(setup, row, accuracy, score, value) {
  const energyMj = setup.energy_mj[row];
  const throughput = setup.throughput_items_per_s[row];
  const known = (figure, text) => (figure === null ? NOTHING : text(figure));
  return [
    ["Accuracy", percent(accuracy, 2)],
    ["Energy", `${energy(energyMj, 4)}${interval(setup, row)}`],
    ["Throughput", known(throughput, (figure) => withUnit(figure, "images/s"))],
    ["Latency of a batch", known(setup.latency_ms[row], (figure) => withUnit(figure, "ms"))],
    ["Batch size", known(setup.batch_size[row], (figure) => `${count(figure)} images`)],
    ["Power", known(throughput, (figure) => withUnit((energyMj * figure) / 1000, "W"))],
    ["Score", `${scoreNumber(score, value)} ${score.unit}`],
  ];
}

function interval(setup, row) {
  const share = setup.noise_floor;
  const low = setup.energy_low_mj[row];
  if (low !== null) return ` (${energy(low, 4)} to ${energy(setup.energy_high_mj[row], 4)})`;
  return share === null ? "" : ` ± ${number(100 * share, 2)} %`;
}
