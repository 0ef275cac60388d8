"""The look that all charts share: colours and shapes of the classes, type, axes, and energies as axes write them."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

# Colours are custom properties of the page's style sheet: an inline SVG follows light and dark by itself, and the
# scripts put the values in their place before they hand a specification to Vega's canvas renderer.
INK = "var(--ink)"
INK_2 = "var(--ink-2)"
INK_3 = "var(--ink-3)"
PAPER = "var(--paper)"
LINE = "var(--line)"
LINE_STRONG = "var(--line-strong)"
ACCENT = "var(--accent)"
FONT = "var(--sans)"


@dataclass(frozen=True)
class ClassStyle:
    """How a class of architectures is drawn: two codes, so that colour alone never carries it."""

    key: str
    title: str
    plural: str
    colour: str
    shape: str


CLASSES = (
    ClassStyle("cnn", "CNN", "CNNs", "var(--class-cnn)", "circle"),
    ClassStyle("transformer", "Transformer", "Transformers", "var(--class-transformer)", "triangle-up"),
    ClassStyle("hybrid", "Hybrid", "Hybrids", "var(--class-hybrid)", "square"),
    ClassStyle("mlp", "MLP", "MLPs", "var(--class-mlp)", "diamond"),
)

# What stands at an energy axis' ticks: 1 mJ, 10 mJ, 0.1 J, 1 J, … with the value in mJ.
ENERGY_LABEL = (
    "datum.value == 0 ? '0' : datum.value >= 1e6 ? format(datum.value / 1e6, ',~r') + ' kJ'"
    " : datum.value >= 100 ? format(datum.value / 1000, ',~r') + ' J' : format(datum.value, '~r') + ' mJ'"
)


def class_colour() -> alt.Color:
    """Encode the field `class` as colour, without a legend: the page has its own key."""
    scale = alt.Scale(domain=[style.key for style in CLASSES], range=[style.colour for style in CLASSES])
    return alt.Color("class:N", scale=scale, legend=None)


def class_shape() -> alt.Shape:
    """Encode the field `class` as shape, without a legend."""
    scale = alt.Scale(domain=[style.key for style in CLASSES], range=[style.shape for style in CLASSES])
    return alt.Shape("class:N", scale=scale, legend=None)


def config() -> alt.Config:
    """Return the configuration of every chart: horizontal hairlines, ticks outside, no frame."""
    return alt.Config(
        aria=False,
        background="transparent",
        font=FONT,
        axis=alt.AxisConfig(
            domainColor=LINE_STRONG,
            gridColor=LINE,
            gridWidth=1,
            labelColor=INK_2,
            labelFontSize=12,
            labelPadding=6,
            tickColor=LINE_STRONG,
            tickSize=5,
            title=None,
        ),
        # Numbers that are missing have been left out before: no filter is needed in front of each mark.
        mark=alt.MarkConfig(invalid="show", tooltip=None),
        view=alt.ViewConfig(stroke=None),
    )
