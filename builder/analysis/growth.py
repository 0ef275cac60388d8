"""The upper hull of a setup into its growth fit: what accuracy costs, and how far that can be trusted.

The nested logarithm A = a + b * ln(ln E - L) is fitted by variable projection: with L = ln E_min - e^u, each u leaves
a straight line, whose a and b come from linear least squares, so that one number is searched, over all of its range.
No start values, and the same answer in mJ and in J (L and a unit's logarithm move together).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import elementwise
from scipy.special import stdtrit

from builder.analysis.pareto import FloatArray, IntArray, upper_hull

Real = float | FloatArray

# Where u is searched: at -14 the curve leaves the cheapest model vertically, at 4.5 it is straight in ln E.
U_GRID = np.linspace(-14.0, 4.5, 75)
# Three parameters and an estimate of the error take four points.
MIN_POINTS = 4
LN_10 = float(np.log(10.0))


@dataclass(frozen=True)
class Recipe:
    """Which vertices of the upper hull a growth fit stands on.

    Attributes:
        key: Name in URLs and files.
        title: Name for readers.
        above_mj: Only vertices of more energy per item count, cut after the hull was taken; 0 keeps all.
    """

    key: str
    title: str
    above_mj: float = 0.0


# No cut: a limit in mJ is neither unit-free nor equal work on two GPUs.
ALL_VERTICES = Recipe("all-vertices", "all vertices of the upper hull")
# Double-exponential increases in inference energy, Fig 2.
PAPER = Recipe("paper", "the paper's: vertices above 1 mJ", above_mj=1.0)
RECIPES = (ALL_VERTICES, PAPER)


@dataclass(frozen=True)
class GrowthFit:
    """A = a + b * ln(ln E - L), with E in mJ per item and A in percent.

    Attributes:
        recipe: How the points were chosen.
        vertices: The points' indices among the models that were given, from the cheapest on.
        a: Accuracy where ln E - L = 1, in percent.
        b: Growth of accuracy with each e-folding of ln E - L, in percent; above 0.
        floor: L, the ln of the energy in mJ at which the curve falls to minus infinity.
        covariance: Of (a, b, floor), shape (3, 3).
        r_squared: Share of the points' variance that the curve explains.
        residual_pct: Standard deviation of the residuals, in percent of accuracy, on n - 3 degrees of freedom.
        at_limit: Whether the search ended on an end of U_GRID: the points do not bound L, and the errors mean little.
    """

    recipe: Recipe
    vertices: IntArray
    a: float
    b: float
    floor: float
    covariance: FloatArray
    r_squared: float
    residual_pct: float
    at_limit: bool

    def accuracy_at(self, energy_mj: Real) -> FloatArray:
        """Return the curve's accuracy in percent at energies in mJ; NaN at and under the energy e^L."""
        return curve(self.a, self.b, self.floor, energy_mj)

    def accuracy_se(self, energy_mj: Real) -> FloatArray:
        """Return the standard error of the curve's accuracy at energies in mJ, by the delta method."""
        distance = _distance(self.floor, energy_mj)
        gradient = np.stack([np.ones_like(distance), np.log(distance), -self.b / distance], axis=-1)
        variance = np.einsum("...i,ij,...j->...", gradient, self.covariance, gradient)
        return np.asarray(np.sqrt(variance))

    def log10_energy_at(self, accuracy_pct: float) -> float:
        """Return log10 of the energy in mJ at which the curve reaches an accuracy; inf beyond what a float holds."""
        return float(log10_energy(self.a, self.b, self.floor, accuracy_pct))

    def energy_at(self, accuracy_pct: float) -> float:
        """Return the energy in mJ per item at which the curve reaches an accuracy; inf beyond what a float holds."""
        with np.errstate(over="ignore"):
            return float(np.power(10.0, self.log10_energy_at(accuracy_pct)))

    def log10_energy_se(self, accuracy_pct: float) -> float:
        """Return the standard error of `log10_energy_at`, by the delta method."""
        steps = (accuracy_pct - self.a) / self.b
        growth = float(np.exp(steps))
        gradient = np.array([-growth / self.b, -growth * steps / self.b, 1.0]) / LN_10
        return float(np.sqrt(gradient @ self.covariance @ gradient))

    def log10_energy_interval(self, accuracy_pct: float, level: float = 0.95) -> tuple[float, float]:
        """Return the interval of `log10_energy_at`: Student's t on n - 3 degrees of freedom."""
        half = self.t_quantile(level) * self.log10_energy_se(accuracy_pct)
        middle = self.log10_energy_at(accuracy_pct)
        return middle - half, middle + half

    def t_quantile(self, level: float = 0.95) -> float:
        """Return how many standard errors an interval of this level reaches to each side."""
        return float(stdtrit(len(self.vertices) - 3, 0.5 + level / 2))


def fit_growth(energy_mj: FloatArray, accuracy_pct: FloatArray, recipe: Recipe = ALL_VERTICES) -> GrowthFit | None:
    """Fit the growth curve to the upper hull of a setup's models.

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules, above 0.
        accuracy_pct: Accuracy, shape (n,), in percent.
        recipe: Which vertices count.

    Returns:
        The fit, or None where fewer than four vertices are left.

    Raises:
        ValueError: When the shapes differ, a number is not finite or an energy not above 0.
    """
    if not (energy_mj > 0).all():
        message = "energies must be above 0: leave out the models that lack one before"
        raise ValueError(message)
    vertices = upper_hull(np.log(energy_mj), accuracy_pct)
    vertices = vertices[energy_mj[vertices] > recipe.above_mj]
    if len(vertices) < MIN_POINTS:
        return None
    x, y = np.log(energy_mj[vertices]), accuracy_pct[vertices]
    curves = fit_curves(x[None], y[None], np.ones((1, len(vertices)), dtype=np.bool_))
    a, b, floor, rss = (float(values[0]) for values in (curves.a, curves.b, curves.floor, curves.rss))
    distance = x - floor
    jacobian = np.column_stack([np.ones_like(x), np.log(distance), -b / distance])
    residual_variance = rss / (len(x) - 3)
    return GrowthFit(
        recipe=recipe,
        vertices=vertices,
        a=a,
        b=b,
        floor=floor,
        covariance=residual_variance * np.linalg.pinv(jacobian.T @ jacobian, hermitian=True),
        r_squared=1.0 - rss / float(((y - y.mean()) ** 2).sum()),
        residual_pct=float(np.sqrt(residual_variance)),
        at_limit=bool(curves.at_limit[0]),
    )


@dataclass(frozen=True)
class Curves:
    """The best curves of several sets of points: parameters, residual sums of squares, limits; each of shape (m,)."""

    a: FloatArray
    b: FloatArray
    floor: FloatArray
    rss: FloatArray
    at_limit: NDArray[np.bool_]


def fit_curves(x: FloatArray, y: FloatArray, present: NDArray[np.bool_]) -> Curves:
    """Fit the growth curve to m sets of points at once.

    Args:
        x: ln of the energy, shape (m, k); any number where absent.
        y: Accuracy in percent, shape (m, k); any number where absent.
        present: Shape (m, k): which of the k places hold a point; at least three in each set, at different x.
    """
    weight = present.astype(np.float64)
    count = weight.sum(axis=1)
    from_cheapest = np.where(present, x - np.where(present, x, np.inf).min(axis=1, keepdims=True), 0.0)
    y = np.where(present, y, 0.0)
    y_mean = y.sum(axis=1) / count
    y_off = np.where(present, y - y_mean[:, None], 0.0)

    def project(u: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        z = np.log(from_cheapest[rows] + np.exp(u)[:, None])
        z_mean = (z * weight[rows]).sum(axis=1) / count[rows]
        z_off = (z - z_mean[:, None]) * weight[rows]
        b = (z_off * y_off[rows]).sum(axis=1) / (z_off**2).sum(axis=1)
        rss = ((y_off[rows] - b[:, None] * z_off) ** 2).sum(axis=1)
        return y_mean[rows] - b * z_mean, b, rss

    def misfit(u: FloatArray, rows: FloatArray) -> FloatArray:
        return project(np.ravel(u), np.ravel(rows).astype(np.intp))[2].reshape(np.shape(u))

    every = np.arange(len(x))
    on_grid = np.stack([misfit(np.full(len(x), u), every.astype(np.float64)) for u in U_GRID], axis=1)
    best = on_grid.argmin(axis=1)
    inner = (best > 0) & (best < len(U_GRID) - 1)
    u = U_GRID[best]
    if inner.any():
        bracket = tuple(U_GRID[best[inner] + step] for step in (-1, 0, 1))
        # Chandrupatla's bracketing minimiser: Brent's idea for many minima at once.
        u[inner] = elementwise.find_minimum(misfit, bracket, args=(every[inner].astype(np.float64),)).x
    a, b, rss = project(u, every)
    lowest = np.where(present, x, np.inf).min(axis=1)
    return Curves(a=a, b=b, floor=lowest - np.exp(u), rss=rss, at_limit=~inner)


def curve(a: Real, b: Real, floor: Real, energy_mj: Real) -> FloatArray:
    """Return a + b * ln(ln E - L) in percent; NaN at and under the energy e^L. Arguments broadcast."""
    return np.asarray(a + b * np.log(_distance(floor, energy_mj)))


def log10_energy(a: Real, b: Real, floor: Real, accuracy_pct: Real) -> FloatArray:
    """Return log10 of the energy in mJ at which curves reach an accuracy; inf on overflow. Arguments broadcast."""
    with np.errstate(over="ignore"):
        return np.asarray((floor + np.exp((accuracy_pct - a) / b)) / LN_10)


def _distance(floor: Real, energy_mj: Real) -> FloatArray:
    distance = np.log(energy_mj) - floor
    return np.where(distance > 0, distance, np.nan)
