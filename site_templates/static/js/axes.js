// A compiled specification into a canvas with axes and grid; the marks that it has are drawn by paint.js.

import { View, expressionInterpreter, parse } from "../vega.js";

export class Axes {
  /**
   * @param {HTMLElement} element
   * @param {Record<string, any>} specs Scale -> Vega specification.
   * @param {import("./colours.js").Colours} colours
   */
  constructor(element, specs, colours) {
    Object.assign(this, { element, specs, colours, view: null, scale: "" });
  }

  /** @returns {import("./plane.js").Padding} */
  get padding() {
    return this.specs.log.padding;
  }

  /** The next `draw` takes the colours anew. */
  forget() {
    this.scale = "";
  }

  /** @param {import("./plane.js").Plane} plane */
  draw(plane) {
    if (this.scale !== plane.scale) this.build(plane.scale);
    const { view } = this;
    view.width(plane.plotWidth).height(plane.plotHeight);
    view.signal("energy_from", plane.energy[0]).signal("energy_to", plane.energy[1]);
    view.signal("accuracy_from", plane.accuracy[0]).signal("accuracy_to", plane.accuracy[1]);
    view.signal("ticks", plane.ticks).run();
  }

  build(scale) {
    this.view?.finalize();
    this.scale = scale;
    this.view = new View(parse(this.colours.themed(this.specs[scale]), undefined, { ast: true }), {
      container: this.element,
      expr: expressionInterpreter,
      renderer: "canvas",
    });
    this.view.tooltip(() => {});
  }
}
