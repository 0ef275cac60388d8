// What the reader's hands do with the chart into the part of the plane that it shows, which the form holds.

import { viewAround, wholeView } from "./fitting.js";
import { listenToGestures } from "./gestures.js";
import { moved, rounded, zoomed } from "./zoom.js";

const HINT_MS = 2500;
/** How much of a linear axis lies beyond the limit, as a factor: enough for its label. */
const BEYOND = 1.25;

export class Zooming {
  /**
   * @param {HTMLElement} root
   * @param {import("./chart.js").Chart} chart
   * @param {import("./controls.js").Controls} controls
   * @param {() => import("./view.js").View} viewOf What the page shows now.
   */
  constructor(root, chart, controls, viewOf) {
    Object.assign(this, { chart, controls, viewOf, frame: 0, said: false });
    const tools = root.querySelector("[data-tools]");
    this.button = tools.querySelector("[data-whole]");
    this.hint = root.querySelector("[data-hint]");
    listenToGestures(chart.element, tools, () => chart.plane, {
      zoom: (factor, x, y) => this.show(zoomed(this.plane, factor, x, y, this.whole)),
      move: (dx, dy) => this.show(moved(this.plane, dx, dy, this.whole)),
      end: () => controls.remember({ add: true }),
      hint: () => this.say(),
    });
    controls.firstView = () => this.firstView();
    this.button.addEventListener("click", () => controls.set("view", ""));
    tools.querySelector("[data-limits]").addEventListener("click", () => {
      const { eligible, rows, state } = viewOf();
      const view = viewAround(eligible, rows, state.scale);
      controls.set("view", view ? rounded(view).join() : "");
    });
  }

  /** Of a scale just chosen: a linear one would put all models within the limits into its first pixels. */
  firstView() {
    const { state, rows } = this.viewOf();
    if (this.controls.form.elements.scale.value === "log" || state.maxEnergy === Infinity) return "";
    const [from, to, ...accuracy] = wholeView(this.chart.energies, rows, { scale: "linear" });
    const most = state.maxEnergy * BEYOND;
    return most < to ? rounded([from, most, ...accuracy]).join() : "";
  }

  /** Several events of a frame build on each other, though the chart is drawn once. */
  get plane() {
    const view = this.wanted;
    return view ? this.chart.plane.showing(view) : this.chart.plane;
  }

  get whole() {
    const { rows, state } = this.viewOf();
    return wholeView(this.chart.energies, rows, state);
  }

  show(view) {
    this.wanted = view ?? this.whole;
    this.controls.form.elements.view.value = view ? view.join() : "";
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.wanted = null;
      this.controls.act.draw();
    });
  }

  /** The wheel was turned without its key: that is said once. */
  say() {
    if (this.said) return;
    this.said = true;
    this.hint.hidden = false;
    setTimeout(() => (this.hint.hidden = true), HINT_MS);
  }
}
