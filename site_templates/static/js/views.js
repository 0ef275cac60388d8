// Compiled specifications into two canvases that lie on each other: the models with their axes, and what moves over them.

import { View, expressionInterpreter, parse } from "../vega.js";

const TOKEN = /^var\((--[\w-]+)\)$/;

/** @typedef {import("./plane.js").Plane} Plane */

export class Views {
  /**
   * @param {HTMLElement} container
   * @param {Record<string, Record<string, object>>} specs Scale -> "models" and "overlay" -> Vega specification.
   */
  constructor(container, specs) {
    this.container = container;
    this.specs = specs;
    this.layers = ["models", "overlay"].map((name) => {
      const element = document.createElement("div");
      element.className = `layer layer-${name}`;
      element.setAttribute("aria-hidden", "true");
      container.append(element);
      return { name, element, view: null };
    });
    this.scale = "";
  }

  /** @returns {import("./plane.js").Padding} */
  get padding() {
    return this.specs.log.models.padding;
  }

  /** Forget the colours: the next `show` takes them from the page anew. */
  forget() {
    this.scale = "";
  }

  /**
   * Draw axes and models.
   * @param {Plane} plane
   * @param {object[] | null} models Rows of the data set; null leaves those that are there.
   */
  show(plane, models) {
    if (this.scale !== plane.scale) {
      models ??= this.models;
      for (const layer of this.layers) this.build(layer, plane.scale);
      this.scale = plane.scale;
    }
    for (const { view } of this.layers) {
      view.width(plane.plotWidth).height(plane.plotHeight);
      view.signal("energy_from", plane.energy[0]).signal("energy_to", plane.energy[1]);
      view.signal("accuracy_from", plane.accuracy[0]).signal("accuracy_to", plane.accuracy[1]);
      view.signal("ticks", plane.ticks).signal("model_size", plane.modelSize);
    }
    const [{ view }] = this.layers;
    if (models) {
      this.models = models;
      view.data("models", models);
    }
    view.run();
  }

  /** @param {Record<string, object[]>} dataSets Rows of what lies over the models. */
  over(dataSets) {
    const { view } = this.layers[1];
    for (const [name, rows] of Object.entries(dataSets)) view.data(name, rows);
    view.run();
  }

  build(layer, scale) {
    layer.view?.finalize();
    const spec = themed(this.specs[scale][layer.name], getComputedStyle(this.container));
    layer.view = new View(parse(spec, undefined, { ast: true }), {
      container: layer.element,
      expr: expressionInterpreter,
      renderer: "canvas",
    });
    layer.view.tooltip(() => {});
  }
}

/** @returns {object} The specification with the style sheet's values in place of its custom properties. */
function themed(spec, style) {
  const resolve = (name, value) => {
    const token = typeof value === "string" && TOKEN.exec(value);
    return token ? resolved(style, token[1]) : value;
  };
  return JSON.parse(JSON.stringify(spec, resolve));
}

/** @returns {string} */
function resolved(style, name) {
  const value = style.getPropertyValue(name).trim();
  if (!value.startsWith("light-dark(")) return value;
  const probe = document.createElement("span");
  probe.style.color = value;
  document.documentElement.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
