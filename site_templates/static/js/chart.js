// The chart: three canvases that lie on each other, for axes, models, and what moves over them.

import { overlay } from "./annotations.js";
import { Axes } from "./axes.js";
import { Colours } from "./colours.js";
import { planeOf } from "./fitting.js";
import { Canvas, paintModels, paintOver } from "./paint.js";

export class Chart {
  /**
   * @param {HTMLElement} element
   * @param {any} specs data/explorer/specs.json
   * @param {[number, number]} energies Round limits of the energies of all setups, in mJ.
   */
  constructor(element, specs, energies) {
    Object.assign(this, { element, energies, looks: specs.looks, width: element.clientWidth });
    this.colours = new Colours(element);
    const layers = element.querySelector("[data-layers]");
    const [axes, models, over] = ["axes", "models", "overlay"].map((name) => {
      const layer = document.createElement("div");
      layer.className = `layer layer-${name}`;
      layers.append(layer);
      return layer;
    });
    this.axes = new Axes(axes, specs, this.colours);
    this.models = new Canvas(models);
    this.overlay = new Canvas(over);
  }

  /** @returns {boolean} Whether the room for the chart is another. Asked rarely: the answer costs a layout. */
  measure() {
    const before = this.width;
    this.width = this.element.clientWidth;
    return this.width !== before;
  }

  /** Another theme is on: the next `draw` takes its colours. */
  forget() {
    this.colours.forget();
    this.axes.forget();
  }

  /**
   * Draw axes and models.
   * @param {import("./figures.js").Figures} figures
   * @param {import("./state.js").State} state
   * @param {import("./colouring.js").Colouring} colouring
   */
  draw(figures, state, colouring) {
    const { rows, kept } = figures;
    this.plane = planeOf(this.width, this.axes.padding, this.energies, rows, state);
    this.axes.draw(this.plane);
    this.groups = colouring.groups;
    // In the order of the data, as the first picture has them.
    const shown = kept.slice().sort();
    paintModels(this.models.begin(this.plane), this.plane, rows, shown, colouring, this.looks, this.colours);
  }

  /** @param {import("./annotations.js").Shown} shown */
  drawOver(shown) {
    const over = overlay(this.plane, shown);
    paintOver(this.overlay.begin(this.plane), this.plane, over, this.groups, this.looks, this.colours);
  }
}
