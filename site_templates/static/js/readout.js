// A finding's picture and the file of its rows into read-outs: which model a mark is, by pointer, touch or arrow keys.

import { factsOf, rowsOf, rowsOfGroup } from "./readout_rows.js";

/** How far from a mark the pointer may be, and how far the panel stands from it, in pixels of the screen. */
const REACH = 20;
const ASIDE = 14;
const SVG = "http://www.w3.org/2000/svg";

/** The read-outs of one picture. */
class Readout {
  /** @param {HTMLElement} shape Holds the picture. @param {() => Promise<Record<string, string>[]>} load */
  constructor(shape, load) {
    this.shape = shape;
    this.at = -1;
    this.marks = [];
    this.load = () => (this.loading ??= load().then((rows) => this.take(rows)));
    this.panel = Object.assign(document.createElement("div"), { className: "readout", hidden: true });
    this.panel.setAttribute("role", "status");
    this.ring = document.createElementNS(SVG, "circle");
    this.ring.setAttribute("class", "readout-ring");
    shape.append(this.panel);
    shape.querySelector("svg").setAttribute("aria-hidden", "true");
    shape.setAttribute("role", "group");
    shape.tabIndex = 0;
    for (const name of ["pointermove", "pointerdown"]) shape.addEventListener(name, (event) => this.point(event));
    shape.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.show(-1));
    shape.addEventListener("focusin", this.load);
    shape.addEventListener("focusout", () => this.show(-1));
    shape.addEventListener("keydown", (event) => this.step(event));
  }

  /** Pairs the marks with their rows, from left to right within each panel. */
  take(rows) {
    this.marks = [...this.shape.querySelectorAll("g[data-rows]")].flatMap((group) => {
      const own = rowsOfGroup(rows, group.dataset.rows);
      const places = [...group.querySelectorAll("path, use")].flatMap(placesOf);
      if (own.length !== places.length) throw new Error(`${own.length} rows for ${places.length} marks`);
      return places
        .map((place, index) => ({ group, row: own[index], ...place }))
        .sort((one, other) => one.x - other.x);
    });
  }

  async point(event) {
    await this.load();
    let [nearest, least] = [-1, REACH];
    const seen = new Map();
    for (const [index, { group, x, y }] of this.marks.entries()) {
      if (!seen.has(group)) {
        const matrix = group.getScreenCTM();
        seen.set(group, { at: new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()), scale: matrix.a });
      }
      const { at, scale } = seen.get(group);
      const distance = Math.hypot(at.x - x, at.y - y) * scale;
      if (distance <= least) [nearest, least] = [index, distance];
    }
    this.show(nearest);
  }

  async step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") this.show(-1);
    if (by === undefined) return;
    event.preventDefault();
    await this.load();
    this.show(Math.min(Math.max(this.at + by, 0), this.marks.length - 1));
  }

  /** @param {number} index Of a mark; -1 hides the panel. */
  show(index) {
    this.panel.hidden = index < 0;
    if (index < 0) this.ring.remove();
    if (index < 0 || index === this.at) return void (this.at = index);
    this.at = index;
    const { group, row, x, y } = this.marks[index];
    for (const [name, value] of [["cx", x], ["cy", y], ["r", 6]]) this.ring.setAttribute(name, value);
    group.append(this.ring);
    this.write(row);
    const { a, d, e, f } = group.getScreenCTM();
    const box = this.shape.getBoundingClientRect();
    const [left, top] = [e + a * x - box.left, f + d * y - box.top];
    const { offsetWidth: width, offsetHeight: height } = this.panel;
    const aside = left + ASIDE + width <= box.width ? left + ASIDE : left - ASIDE - width;
    this.panel.style.translate = `${Math.max(0, aside)}px ${Math.max(0, top - height / 2)}px`;
  }

  write(row) {
    const [[model], ...facts] = factsOf(row);
    const list = document.createElement("dl");
    for (const [title, value] of facts) {
      list.append(Object.assign(document.createElement("dt"), { textContent: title }));
      list.append(Object.assign(document.createElement("dd"), { textContent: value }));
    }
    this.panel.replaceChildren(Object.assign(document.createElement("p"), { textContent: model }), list);
  }
}

/** @returns {{x: number, y: number}[]} Where a mark stands in its group, or the points of a line. */
function placesOf(mark) {
  if (mark.hasAttribute("x")) return [{ x: Number(mark.getAttribute("x")), y: Number(mark.getAttribute("y")) }];
  const path = mark.getAttribute("transform") ?? mark.getAttribute("d");
  return Array.from(path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g), ([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

for (const picture of document.querySelectorAll("[data-readout]")) {
  let file;
  const load = () => (file ??= fetch(picture.dataset.readout).then((answer) => answer.text()).then(rowsOf));
  const shapes = [...picture.querySelectorAll(".shape")].filter((shape) => shape.querySelector("g[data-rows]"));
  for (const shape of shapes) new Readout(shape, load);
  for (const hint of picture.querySelectorAll("[data-hint]")) hint.hidden = !shapes.length;
}
