"""From numbers to pictures: how does it look?"""

from builder.charts.chart import Chart
from builder.charts.explorer import EXPLORER

# Every chart that is drawn by Vega.
CHARTS: tuple[Chart, ...] = (EXPLORER,)
