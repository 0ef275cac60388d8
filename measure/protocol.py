"""The measurement protocols: every constant of a trial in one place, each with its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

# More than 13 repetitions and at least 10 s of repeated batches: Yang et al. 2024, section 3.
STUDY_MIN_REPETITIONS = 14
STUDY_MIN_WINDOW_S = 10.0

# The counter of an H200 advances every 100 ms (`joule-measure probe`); over 20 updates an edge's 2 ms are 0.1 %.
SURVEY_MIN_WINDOW_S = 2.0
SURVEY_MIN_REPETITIONS = 10

# Updates closer than this are thinned: single updates of a fast counter are too noisy to judge a level by.
MIN_UPDATE_SPACING_S = 0.09
# The counter is read again a millisecond after each read. On an H200 a read takes 2.4 to 4.5 ms (`joule-measure
# probe`), so that an edge is known to about 2 ms.
POLL_PERIOD_S = 0.001
# The power fields of an H200 advance every 100 ms too; read this often, a change is dated to about 5 ms.
POWER_PERIOD_S = 0.005
# An edge seen with more doubt than this (the reader was held up) neither starts nor ends a window.
MAX_EDGE_DOUBT_S = 0.005
# Twenty times the period of an H200's counter.
STUCK_AFTER_S = 2.0
# Updates that come this many usual periods apart mean that the clock or the machine jumped.
JUMP_PERIODS = 4.0
# The power is level when the last three intervals between updates agree.
LEVEL_INTERVALS = 3
# The 95 % interval is taken over ten sub-windows: enough for a t quantile of 2.26, and two updates each in 2 s.
SUB_WINDOWS = 10
# Energy counter over integrated power samples: the tolerance of the sensor itself (Yang, Adamek and Armour 2024,
# arXiv:2312.02741). On an H200 95 % of final trials are within 2 % (measure/validation).
MIN_COUNTER_POWER_RATIO = 0.95
MAX_COUNTER_POWER_RATIO = 1.05
# A trial that is refused is tried again this often before its model is given up.
REFUSED_RETRIES = 2

# Batches stay queued for at least this long, so that the card never waits for the host.
QUEUE_AHEAD_S = 0.03
MIN_QUEUED_BATCHES = 2
MAX_QUEUED_BATCHES = 64

# A batch that takes less than this many times as long as one item leaves the card waiting for the host's launches
# whenever the host is slow: its energy is the host's too. With 1.3, final trials of 6 of 134 models on an H200 took 4
# to 24 % longer than the sweep's, and mobilenetv3_small_100 was measured at three batch sizes in five repeats.
BUSY_OVER_LAUNCH = 2.0
# The scan of batch sizes steps down by this factor; the size below the best fills in.
COARSE_STEP = 4
# The scan ends at a size that costs this many times the best: of 22 searches and ladders on an H200 (16 models) that
# went on below such a size, none came back to within 1.5 % of the best above it.
HOPELESS = 1.06
# Sweep readings of one batch size on an H200 differ by about 0.9 %: what is this much above the best reading could be
# the best. Of such sizes the largest is chosen, which is the furthest from waiting for the host, so that noise seldom
# chooses. With 0.5 %, coatnet_0_rw_224 was measured at 64 in one of five repeats and at 512 in four.
NEAR_TIE = 0.015
# The size below the smallest one within this of the best is worth a trial.
WORTH_A_LOOK = 0.01
# On an H200 the ladders of eight models are within 2 % of their best at 512 (measure/validation); larger ones are
# worth a look where launching still takes a quarter of a batch's time there.
USUAL_HIGHEST = 512
HIGHEST_OVER_KNEE = 4.0
# The prediction times one size that is expected to be the range's top, because each size that runs for the first time
# costs the libraries' preparation (of the 7.7 s that 13 small convolutional networks were searched for on an H200 in
# FP16, channels-last, 6.1 s were not trials). Expected is the slower of these, in seconds by billions of
# multiply-accumulates of an item: a root, which small models follow, and a share, which large ones do (196 models on an
# H200 in FP32, half of them within a factor of 1.31, nine tenths within 2.1).
ITEM_S_PER_ROOT_GMAC = 1.2e-4
ITEM_S_PER_GMAC = 6.8e-5
# In half precision, of that (25 models on an H200, half of them within a factor of 1.26).
HALF_PRECISION_TIME = 0.35
# A batch that takes this many times as long as queueing its kernels shows by itself how long launching takes. Less, and
# one item is timed: a queue that is full holds the host up too.
CLEARLY_BUSY = 8.0
# While a batch takes less than this many times as long as one item, this many times more items are timed.
CLEARLY_LONGER = 1.5
LONGER_STEP = 8
# Batches timed at once, and how often, unless that takes longer than a twentieth of a second: the shortest counts,
# because the host is now and then held up.
TIMED_REPETITIONS = 4
TIMED_TURNS = 3
TIMED_LONG_S = 0.05
# Models are built, searched and held until this many wait for their final trials, which come in shuffled order.
BLOCK_MODELS = 8
# ... or until their weights fill this share of the card's memory.
BLOCK_MEMORY_SHARE = 0.1

Search = Literal["scan", "ladder"]


@dataclass(frozen=True)
class WindowRule:
    """When a trial's window starts and ends.

    Attributes:
        settle_min_s: Work runs at least this long before the window.
        settle_max_s: The window starts after this long even if power is not level.
        level_spread: Power is level when the last intervals' spread over their mean is at most this.
        window_min_s: Shortest window.
        window_max_s: The window ends here even if the interval is wider than wanted.
        min_repetitions: Fewest batches in the window.
        interval_target: Half-width of the 95 % interval of energy per item, as a share of it, that ends the window.
    """

    settle_min_s: float
    settle_max_s: float
    level_spread: float
    window_min_s: float
    window_max_s: float
    min_repetitions: int
    interval_target: float


@dataclass(frozen=True)
class Protocol:
    """A named way to measure a model.

    Attributes:
        name: As in the provenance file.
        note: The protocol in one paragraph, for the provenance file.
        search: scan: few trials over a predicted range; ladder: every power of two.
        sweep: The window of a sweep trial.
        final: The window of a final trial.
        final_trials: Final trials of each model, at least.
        most_final_trials: At most: more are run until two readings at the chosen batch size agree, the sweep's among
            them.
        max_batch_size: Largest batch size tried.
        max_batch_s: Largest time of one batch tried: longer ones would stretch the window.
        model_limit_s: A search that has taken this long ends with what it has.
    """

    name: str
    note: str
    search: Search
    sweep: WindowRule
    final: WindowRule
    final_trials: int
    most_final_trials: int
    max_batch_size: int
    max_batch_s: float
    model_limit_s: float


_SURVEY_FINAL = WindowRule(
    settle_min_s=0.3,
    settle_max_s=1.0,
    level_spread=0.02,
    window_min_s=SURVEY_MIN_WINDOW_S,
    window_max_s=5.0,
    min_repetitions=SURVEY_MIN_REPETITIONS,
    interval_target=0.01,
)

SURVEY = Protocol(
    name="survey",
    note=(
        "Batch size searched among powers of two with windows of 0.6 s: steps of four down a predicted range, then the "
        "size below the best, sizes that leave the card waiting for the host left out; chosen is the largest within "
        "1.5 % of the best reading; a batch size that is known from another setup has one such trial. Then a final "
        "trial, in an order shuffled among models, settled until power is "
        "level (at most 1 s), over at least 2 s and 10 batches, extended to 5 s until the 95 % interval of energy per "
        "item over ten sub-windows is within 1 % and counter and integrated power agree within 5 %; another, and a "
        "third, where no two readings at that batch size, the search's among them, agree within 2 %. Both ends of a "
        "window stand on an update of the energy counter while batches run. Random weights and inputs are drawn with a "
        "fixed seed. The card is warmed before the first model until its temperature is level."
    ),
    search="scan",
    sweep=WindowRule(
        settle_min_s=0.2,
        settle_max_s=0.3,
        level_spread=0.05,
        window_min_s=0.55,
        window_max_s=0.8,
        min_repetitions=2,
        interval_target=0.05,
    ),
    final=_SURVEY_FINAL,
    final_trials=1,
    most_final_trials=3,
    max_batch_size=4096,
    max_batch_s=0.3,
    model_limit_s=45.0,
)

STUDY = Protocol(
    name="study",
    note=(
        "Every power of two as batch size, each over at least 2 s and 10 batches (at most 3 s); then 3 final trials at "
        "the best, in an order shuffled among models, settled for at least 1 s, over at least 10 s and 14 batches, "
        "extended to 30 s until the 95 % interval of energy per item over ten sub-windows is within 1 %; both ends of "
        "a window stand on an update of the energy counter while batches run."
    ),
    search="ladder",
    sweep=replace(_SURVEY_FINAL, window_max_s=3.0),
    final=WindowRule(
        settle_min_s=1.0,
        settle_max_s=3.0,
        level_spread=0.02,
        window_min_s=STUDY_MIN_WINDOW_S,
        window_max_s=30.0,
        min_repetitions=STUDY_MIN_REPETITIONS,
        interval_target=0.01,
    ),
    final_trials=3,
    most_final_trials=3,
    max_batch_size=4096,
    max_batch_s=0.5,
    model_limit_s=600.0,
)

PROTOCOLS = (SURVEY, STUDY)


def protocol_named(name: str) -> Protocol:
    """Return the protocol of this name, or raise KeyError."""
    return {protocol.name: protocol for protocol in PROTOCOLS}[name]


# Two readings of one batch size that differ by less confirm each other: `survey` and `study` agree within it.
CONFIRMED_WITHIN = 0.02

# A cold card leaks less: over the first 20 s of work an H200 warmed by 7 K and resnet50's energy rose by 1.2 %. It is
# warmed for at least this long (after 15 s, energies still rose by 2 % over three minutes),
WARM_UP_S = 30.0
# then until its temperature has stayed within one step of the sensor for so long,
WARM_UP_LEVEL_S = 20.0
WARM_UP_LEVEL_K = 1.0
# and no longer than this.
WARM_UP_MAX_S = 90.0
# Draws the full 700 W there.
WARM_UP_MODEL = ("vit_base_patch16_224", 224, 64)

# Five models of four classes, quick to build, at fixed batch sizes past their knees, measured at the start and the end
# of every campaign: what they drift by, the campaign's figures may have drifted by.
SENTINELS = (
    ("resnet50", 224, 256),
    ("efficientnet_b0", 224, 256),
    ("vit_base_patch16_224", 224, 64),
    ("mixer_b16_224", 224, 64),
    ("coatnet_0_rw_224", 224, 64),
)
