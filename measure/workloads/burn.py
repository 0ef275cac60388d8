"""A load for `probe`: matrix products in FP16, and pauses between them for less than full load."""

from __future__ import annotations

import time

import torch

_SIZE = 8192
# Short slices, so that a share of the load is even within an update of the sensors.
_SLICE_S = 0.01


class Burn:
    """Keeps the first visible device busy."""

    def __init__(self) -> None:
        self._left = torch.randn(_SIZE, _SIZE, dtype=torch.float16, device="cuda")
        self._right = torch.randn(_SIZE, _SIZE, dtype=torch.float16, device="cuda")
        self._product()

    def burn(self, seconds: float, level: float) -> None:
        """Multiply for a share of every slice of this time."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            began_s = time.monotonic()
            while time.monotonic() - began_s < min(_SLICE_S * level, seconds):
                self._product()
            if level < 1.0:
                busy_s = time.monotonic() - began_s
                time.sleep(busy_s * (1.0 / level - 1.0))

    def _product(self) -> None:
        torch.mm(self._left, self._right)
        torch.cuda.synchronize()
