// What the chart shows as a table: every model within filters and limits, in pages, sortable, to be taken along.

import { modelPath } from "./data.js";
import { columnsOf, sorted, textOf } from "./model_table_columns.js";
import { countText } from "./model_table_count.js";
import { Picks } from "./model_table_picks.js";
import { writeRing } from "./page.js";
import { labelOf } from "./search.js";
import { listenToHeaders, markOrder } from "./sorting.js";
import { breakable } from "./swap_card.js";

/** While a slider moves, nothing is sorted. */
const REST_MS = 150;
/** So many that sorting them takes longer than a frame or two: they wait until the table is near the window. */
const MANY = 20_000;

export class ModelTable {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.table = section.querySelector("table");
    this.headers = Array.from(this.table.tHead.rows[0].cells);
    const titled = Array.from(section.querySelectorAll("template[data-class-title]"));
    this.classTitles = new Map(titled.map(({ dataset }) => [dataset.classKey, dataset.classTitle]));
    [this.sort, this.order, this.length, this.page, this.outside] = ["sort", "order", "rows", "page", "outside"].map((name) =>
      section.querySelector(`[name="${name}"]`),
    );
    this.picks = new Picks(document.querySelector("[data-pick]"), section.querySelector("[data-compare-link]"));
    this.near = false;
    const watch = ([{ isIntersecting }]) => {
      this.near = isIntersecting;
      if (this.near && this.table.ariaBusy === "true") this.write();
    };
    new IntersectionObserver(watch, { rootMargin: "400px" }).observe(section);
    this.table.tBodies[0].addEventListener("change", (event) => this.pick(event));
    listenToHeaders(this.table, () => this.orderNow, (order) => this.sortBy(order));
    section.addEventListener("change", ({ target }) => {
      if (target !== this.page) this.page.value = "1";
      this.write();
    });
    section.querySelector("[data-turn-back]").addEventListener("click", () => this.turn(-1));
    section.querySelector("[data-turn-on]").addEventListener("click", () => this.turn(1));
    for (const button of section.querySelectorAll("[data-take]")) {
      button.addEventListener("click", () => this.take(button.dataset.take));
    }
  }

  /** @param {import("./view.js").View} view */
  show(view) {
    this.view = view;
    this.table.setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    if (this.near || this.wanted.length <= MANY) this.timer = setTimeout(() => this.write(), REST_MS);
  }

  write() {
    if (!this.view) return;
    clearTimeout(this.timer);
    this.columns = columnsOf(this.view, this.classTitles);
    const { key, descending } = this.orderNow;
    this.rows = sorted(this.columns.find((column) => column.key === key), this.wanted, descending);
    const [count, length] = [this.rows.length, Number(this.length.value)];
    const pages = Math.max(1, Math.ceil(count / length));
    const asked = Math.max(1, Math.round(Number(this.page.value)) || 1);
    const page = Math.min(asked, pages);
    this.page.value = String(page);
    this.pages = pages;
    const first = (page - 1) * length;
    this.shown = this.rows.subarray(first, first + length);
    this.writeBody();
    markOrder(this.table, this.orderNow);
    const past = asked > pages ? `There is no page ${asked}: this is the last. ` : "";
    this.say("count", past + countText(this.view, this.outside.checked, first + 1, first + this.shown.length));
    this.say("pages", `of ${pages.toLocaleString("en")}`);
    this.say("unit", this.view.score.unit);
    this.section.querySelector("[data-turn-back]").setAttribute("aria-disabled", String(page === 1));
    this.section.querySelector("[data-turn-on]").setAttribute("aria-disabled", String(page === pages));
    this.table.removeAttribute("aria-busy");
  }

  get wanted() {
    return this.outside.checked ? this.view.kept : this.view.eligible;
  }

  /** Rows are kept, so that a link in one keeps the focus. */
  writeBody() {
    const body = this.table.tBodies[0];
    while (body.rows.length > this.shown.length) body.deleteRow(-1);
    const template = this.section.querySelector("template[data-row]");
    while (body.rows.length < this.shown.length) body.append(template.content.firstElementChild.cloneNode(true));
    const { models, rows, state } = this.view;
    this.shown.forEach((row, place) => {
      const { cells, classList } = body.rows[place];
      const [box, link, ring] = cells[0].querySelectorAll("input, a, button");
      const model = rows.model[row];
      const name = `${models.model[model]} at ${models.input_size_px[model]} px`;
      classList.toggle("outside", rows.accuracy[row] < state.minAccuracy || rows.energy[row] > state.maxEnergy);
      writeRing(ring, model, name, labelOf(models, model) === state.model);
      box.value = String(model);
      box.checked = this.picks.has(models, model);
      box.disabled = !box.checked && this.picks.full;
      box.setAttribute("aria-label", `Compare ${name}`);
      link.href = modelPath(models, model);
      this.columns.forEach((column, index) => {
        const [cell, text] = [index ? cells[index] : link, textOf(column, row)];
        if (cell.textContent !== text) cell.replaceChildren(...(index ? [text] : breakable(text)));
      });
    });
    this.picks.show();
  }

  /** The box is no control of the view; the field that holds the picks is. */
  pick(event) {
    event.stopPropagation();
    this.picks.set(this.view.models, Number(event.target.value), event.target.checked);
    this.writeBody();
  }

  get orderNow() {
    return { key: this.sort.value, descending: this.order.value === "down" };
  }

  /** @param {import("./sorting.js").Order} order */
  sortBy({ key, descending }) {
    this.order.value = descending ? "down" : "up";
    this.sort.value = key;
    this.sort.dispatchEvent(new Event("change", { bubbles: true }));
  }

  turn(by) {
    const page = Number(this.page.value) + by;
    if (page < 1 || page > this.pages) return;
    this.page.value = String(page);
    this.page.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {"csv" | "json" | "parquet" | "markdown"} what A file of all rows, or Markdown of those in view. */
  async take(what) {
    this.write();
    const { take } = await import("./model_table_take.js");
    this.say("taken", await take(what, this, this.section.querySelector("textarea")));
  }

  say(place, text) {
    const element = this.section.querySelector(`[data-table-say="${place}"]`);
    if (element.textContent !== text) element.textContent = text;
  }
}
