// What the chart shows as a table: every model within filters and limits, in pages, sortable, to be taken along.

import { modelPath } from "./data.js";
import { columnsOf, sorted, textOf } from "./model_table_columns.js";
import { breakable } from "./swap_card.js";

/** While a slider moves, nothing is sorted. */
const REST_MS = 150;
/** So many that sorting them takes longer than a frame or two: they wait until the table is near the window. */
const MANY = 20_000;
/** As many as compare.html takes. */
const MOST_PICKED = 5;

export class ModelTable {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.table = section.querySelector("table");
    this.headers = Array.from(this.table.tHead.rows[0].cells);
    const titled = Array.from(section.querySelectorAll("template[data-class-title]"));
    this.classTitles = new Map(titled.map(({ dataset }) => [dataset.classKey, dataset.classTitle]));
    [this.sort, this.order, this.length, this.page] = ["sort", "order", "rows", "page"].map((name) =>
      section.querySelector(`[name="${name}"]`),
    );
    /** @type {Set<number>} Places in models.json of those picked for comparison. */
    this.picked = new Set();
    this.near = false;
    const watch = ([{ isIntersecting }]) => {
      this.near = isIntersecting;
      if (this.near && this.table.ariaBusy === "true") this.write();
    };
    new IntersectionObserver(watch, { rootMargin: "400px" }).observe(section);
    this.table.tBodies[0].addEventListener("change", (event) => this.pick(event));
    this.table.tHead.addEventListener("click", ({ target }) => this.sortBy(target.closest("th")?.dataset.key));
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
    if (this.near || view.eligible.length <= MANY) this.timer = setTimeout(() => this.write(), REST_MS);
  }

  write() {
    if (!this.view) return;
    clearTimeout(this.timer);
    this.columns = columnsOf(this.view, this.classTitles);
    const [column, descending] = [this.columns.find(({ key }) => key === this.sort.value), this.order.value === "down"];
    this.rows = sorted(column, this.view.eligible, descending);
    const [count, length] = [this.rows.length, Number(this.length.value)];
    const pages = Math.max(1, Math.ceil(count / length));
    const page = Math.min(Math.max(1, Math.round(Number(this.page.value)) || 1), pages);
    this.page.value = String(page);
    this.pages = pages;
    const first = (page - 1) * length;
    this.shown = this.rows.subarray(first, first + length);
    this.writeBody();
    for (const header of this.headers) {
      if (header.dataset.key === column.key) header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
    const [from, to, all] = [first + 1, first + this.shown.length, count].map((value) => value.toLocaleString("en"));
    this.say("count", count ? `Models ${from} to ${to} of ${all} within filters and limits.` : "No model is within filters and limits.");
    this.say("pages", `of ${pages.toLocaleString("en")}`);
    this.say("unit", this.view.score.unit);
    this.section.querySelector("[data-turn-back]").setAttribute("aria-disabled", String(page === 1));
    this.section.querySelector("[data-turn-on]").setAttribute("aria-disabled", String(page === pages));
    this.table.removeAttribute("aria-busy");
  }

  /** Rows are kept, so that a link in one keeps the focus. */
  writeBody() {
    const body = this.table.tBodies[0];
    while (body.rows.length > this.shown.length) body.deleteRow(-1);
    const template = this.section.querySelector("template[data-row]");
    while (body.rows.length < this.shown.length) body.append(template.content.firstElementChild.cloneNode(true));
    const { models, rows } = this.view;
    this.shown.forEach((row, place) => {
      const { cells } = body.rows[place];
      const [box, link] = cells[0].querySelectorAll("input, a");
      const model = rows.model[row];
      box.value = String(model);
      box.checked = this.picked.has(model);
      box.disabled = !box.checked && this.picked.size >= MOST_PICKED;
      box.setAttribute("aria-label", `Compare ${models.model[model]} at ${models.input_size_px[model]} px`);
      link.href = modelPath(models, model);
      this.columns.forEach((column, index) => {
        const [cell, text] = [index ? cells[index] : link, textOf(column, row)];
        if (cell.textContent !== text) cell.replaceChildren(...(index ? [text] : breakable(text)));
      });
    });
  }

  /** No control of the view: what is picked stays with the table. */
  pick(event) {
    event.stopPropagation();
    const { checked, value } = event.target;
    if (checked) this.picked.add(Number(value));
    else this.picked.delete(Number(value));
    const slugs = Array.from(this.picked, (place) => modelPath(this.view.models, place).slice("models/".length, -".html".length));
    const link = this.section.querySelector("[data-compare-link]");
    link.href = `compare.html${slugs.length ? `?models=${slugs.join()}` : ""}`;
    link.textContent = slugs.length ? `Compare ${slugs.length} picked` : "Compare";
    this.writeBody();
  }

  /** Sort by a column; by the one that it is sorted by already, the other way round. */
  sortBy(key) {
    if (!key) return;
    const numeric = this.columns?.find((column) => column.key === key)?.kind !== "text";
    const again = this.sort.value === key;
    const first = numeric && !["energy_mj", "latency_ms"].includes(key) ? "down" : "up";
    this.order.value = again ? (this.order.value === "down" ? "up" : "down") : first;
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
