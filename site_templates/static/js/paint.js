// Marks, lines and notes onto canvases, as the Vega-Lite views of builder/charts/explorer.py draw them.

import { trace } from "./symbols.js";

/** @typedef {import("./plane.js").Plane} Plane */

/** A canvas that is as sharp as the screen, with the plot's corner as its origin and, until `restore`, its limits. */
export class Canvas {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.canvas = document.createElement("canvas");
    element.append(this.canvas);
  }

  /** @param {Plane} plane @returns {CanvasRenderingContext2D} Empty, and clipped to the plot. */
  begin({ width, height, padding, plotWidth, plotHeight }) {
    const ratio = devicePixelRatio || 1;
    const context = this.canvas.getContext("2d");
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      Object.assign(this.canvas, { width: across, height: down });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    } else {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, across, down);
    }
    context.setTransform(ratio, 0, 0, ratio, ratio * padding.left, ratio * padding.top);
    context.beginPath();
    context.rect(0, 0, plotWidth, plotHeight);
    context.save();
    context.clip();
    return context;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {import("./data.js").Rows} rows
 * @param {Iterable<number>} shown Rows, in the order in which they are drawn.
 * @param {import("./colouring.js").Colouring} colouring
 * @param {any} looks
 * @param {import("./colours.js").Colours} colours
 */
export function paintModels(context, plane, { energy, accuracy, flagged }, shown, { groups, of }, looks, colours) {
  const fills = groups.map(({ colour }) => colours.of(colour));
  context.lineWidth = looks.model.doubt_width;
  context.globalAlpha = looks.model.opacity;
  for (const row of shown) {
    if (flagged[row]) continue;
    trace(context, groups[of[row]].shape, plane.x(energy[row]), plane.y(accuracy[row]), plane.modelSize);
    context.fillStyle = fills[of[row]];
    context.fill();
  }
  // Hollow, and over the others.
  context.globalAlpha = 1;
  for (const row of shown) {
    if (!flagged[row]) continue;
    trace(context, groups[of[row]].shape, plane.x(energy[row]), plane.y(accuracy[row]), plane.modelSize);
    context.strokeStyle = fills[of[row]];
    context.stroke();
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {Record<string, any[]>} over What annotations.js makes of the ranking.
 * @param {import("./colouring.js").Group[]} groups
 * @param {any} looks
 * @param {import("./colours.js").Colours} colours
 */
export function paintOver(context, plane, { veil, lines, rings, notes }, groups, looks, colours) {
  const [x, y] = [(row) => plane.x(row.energy_mj), (row) => plane.y(row.accuracy_pct)];
  context.fillStyle = colours.of(looks.veil.colour);
  context.globalAlpha = looks.veil.opacity;
  for (const row of veil) {
    const [right, top] = [plane.x(row.energy_to_mj), plane.y(row.accuracy_to_pct)];
    context.fillRect(x(row), top, right - x(row), y(row) - top);
  }
  context.globalAlpha = 1;
  context.lineJoin = "round";
  paintLines(context, lines, x, y, looks.lines, colours);
  context.setLineDash([]);
  for (const row of rings) {
    const group = groups[row.group];
    const chosen = row.kind === "chosen";
    context.lineWidth = chosen ? 2 * looks.ring.width : looks.ring.width;
    trace(context, group.shape, x(row), y(row), plane.modelSize * looks.ring.size * (chosen ? 1.5 : 1));
    context.fillStyle = colours.of(group.colour);
    context.fill();
    context.strokeStyle = colours.of(looks.rings[row.kind].colour);
    context.stroke();
  }
  // Notes may stand beyond the plot's edge.
  context.restore();
  paintNotes(context, notes, x, y, looks, colours);
}

function paintLines(context, lines, x, y, looks, colours) {
  let name = null;
  const end = () => name !== null && context.stroke();
  for (const row of lines) {
    if (row.line === name) {
      context.lineTo(x(row), y(row));
      continue;
    }
    end();
    name = row.line;
    const look = looks[row.kind];
    context.strokeStyle = colours.of(look.colour);
    context.lineWidth = look.width;
    context.setLineDash(look.dash);
    context.beginPath();
    context.moveTo(x(row), y(row));
  }
  end();
}

function paintNotes(context, notes, x, y, { note, notes: looks }, colours) {
  const family = colours.font;
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  for (const row of notes) {
    const look = looks[row.kind];
    // As Vega places the middle of a line.
    const [across, down] = [x(row), y(row) + Math.round(0.3 * note.size)];
    context.textAlign = row.align;
    context.font = `${note.size}px ${family}`;
    context.globalAlpha = note.halo_opacity;
    context.strokeStyle = colours.of(note.halo);
    context.lineWidth = note.halo_width;
    context.strokeText(row.text, across, down);
    context.globalAlpha = 1;
    context.font = `${look.weight} ${note.size}px ${family}`;
    context.fillStyle = colours.of(look.colour);
    context.fillText(row.text, across, down);
  }
}
