"""The figures and tables of the paper, regenerated from the data, and what newer setups add to them."""

from collections.abc import Callable

from builder.charts.figures.batch_size import batch_size_figure
from builder.charts.figures.classes import classes_figure
from builder.charts.figures.figure import Figure
from builder.charts.figures.growth import extrapolation_figure, growth_figure
from builder.charts.figures.input_size import input_size_figure
from builder.charts.figures.material import Material
from builder.charts.figures.naive import conventions_figure, naive_figure
from builder.charts.figures.power import power_figure
from builder.charts.figures.predictors import predictors_figure
from builder.charts.figures.savings import savings_figure
from builder.charts.figures.step_means import card_steps_figure, precision_steps_figure
from builder.charts.figures.step_models import card_models_figure, precision_models_figure
from builder.charts.figures.years import years_figure

# Every figure, in the paper's order, ours after them. A maker returns None where the data lack what the figure shows.
FIGURES: tuple[Callable[[Material], Figure | None], ...] = (
    growth_figure,
    extrapolation_figure,
    classes_figure,
    years_figure,
    predictors_figure,
    input_size_figure,
    naive_figure,
    conventions_figure,
    batch_size_figure,
    power_figure,
    savings_figure,
    precision_steps_figure,
    precision_models_figure,
    card_steps_figure,
    card_models_figure,
)
