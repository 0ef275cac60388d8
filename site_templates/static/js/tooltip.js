// Pointer, touch and focus into the model that is meant, and what is known of it into a panel beside its mark.

/** @typedef {import("./figures.js").Figures} Figures */

/** How far from a mark the pointer may be, in pixels. */
const REACH = 16;
const ASIDE = 14;

export class Tooltip {
  /**
   * @param {HTMLElement} container The chart.
   * @param {(row: number) => string} open Where a row's page is.
   * @param {(row: number) => void} choose
   * @param {(row: number) => [string, string][]} facts Name and value of what is shown of a row; the first is its heading.
   */
  constructor(container, open, choose, facts) {
    this.container = container;
    this.facts = facts;
    this.open = open;
    this.choose = choose;
    this.row = -1;
    this.panel = container.querySelector("[data-tooltip]");
    this.ring = container.querySelector("[data-ring]");
    container.addEventListener("pointermove", (event) => this.move(event));
    container.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.show(-1));
    container.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.show(-1));
    this.jump = Object.assign(document.createElement("a"), { href: "#swap-title", textContent: "What to take instead\u00a0↓" });
    this.jump.dataset.jump = "";
  }

  /**
   * @param {import("./plane.js").Plane} plane
   * @param {Figures} figures
   */
  place(plane, { rows, kept }) {
    Object.assign(this, { plane, rows, kept });
    this.show(-1);
  }

  /** @param {number} row Shown beside its mark; -1 hides the panel. @param {boolean} [pinned] Whether it waits there. */
  show(row, pinned = false) {
    if (row === this.row && row < 0) return;
    const moved = row !== this.row;
    this.row = row;
    this.panel.hidden = this.ring.hidden = row < 0;
    this.container.classList.toggle("on-model", row >= 0);
    if (row < 0) return;
    const { plane, rows } = this;
    const [x, y] = [plane.padding.left + plane.x(rows.energy[row]), plane.padding.top + plane.y(rows.accuracy[row])];
    if (moved) this.write(row);
    this.pin(pinned);
    this.ring.style.translate = `${x}px ${y}px`;
    if (x < 0 || x > plane.width || y < 0 || y > plane.height) this.ring.hidden = this.panel.hidden = true;
    const [left, top] = placeBeside(x, y, this.panel.getBoundingClientRect(), plane);
    this.panel.style.translate = `${left}px ${top}px`;
  }

  /** The links of a pinned panel can be followed. */
  pin(pinned) {
    this.pinned = pinned;
    this.panel.classList.toggle("pinned", pinned);
    this.jump.parentElement.hidden = !pinned;
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
    const more = document.createElement("p");
    more.append(this.jump);
    this.panel.replaceChildren(heading, small, list, more);
  }

  move(event) {
    if (event.pointerType === "mouse" && !(this.pinned && this.row >= 0)) this.show(this.at(event));
  }

  /** Chooses the model, whose panel then waits for what the reader does with it. */
  click(event) {
    if (this.panel.contains(event.target)) return;
    const row = this.at(event);
    if (row >= 0) this.choose(row);
    this.show(row, true);
  }

  /** @returns {number} The row whose mark is nearest, -1 where none is near. */
  at(event) {
    if (!this.plane) return -1;
    const { plane, rows, kept } = this;
    const box = this.container.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - plane.padding.left, event.clientY - box.top - plane.padding.top];
    if (x < -REACH || x > plane.plotWidth + REACH || y < -REACH || y > plane.plotHeight + REACH) return -1;
    let nearest = -1;
    let least = REACH * REACH;
    for (const row of kept) {
      const across = plane.x(rows.energy[row]);
      if (across < x - REACH) continue;
      // The cheapest come first.
      if (across > x + REACH) break;
      const distance = (across - x) ** 2 + (plane.y(rows.accuracy[row]) - y) ** 2;
      if (distance <= least) [nearest, least] = [row, distance];
    }
    return nearest;
  }
}

/**
 * @param {number} x Of the mark, in pixels from the chart's corner, as is y.
 * @param {number} y
 * @param {{width: number, height: number}} panel
 * @param {{width: number, height: number}} chart
 * @returns {[number, number]} Where the panel's corner stands: right or left of the mark; where neither has room for it,
 *   above or below, whichever has more.
 */
export function placeBeside(x, y, { width, height }, chart) {
  const within = (value, most) => Math.min(Math.max(0, value), Math.max(0, most));
  const top = within(y - height / 2, chart.height - height);
  if (x + ASIDE + width <= chart.width) return [x + ASIDE, top];
  if (x - ASIDE - width >= 0) return [x - ASIDE - width, top];
  const below = chart.height - y > y;
  return [within(x - width / 2, chart.width - width), below ? y + ASIDE : Math.max(y - ASIDE - height, -ASIDE)];
}
