"""Turns rated models' energies into how they compare with what the AI Energy Score published for the same models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.units import MJ_PER_WH

# Wh per 1,000 queries on an H100 80 GB, with trained weights, 1,000 samples and ten runs: the first epoch, February
# 2025, data/energy/text_generation.csv and image_generation.csv of the leaderboard. Read in copies:
# https://github.com/henryblanchard/climate-impact-calculator at cf47e34 and, for SDXL, the documentation of EcoLogits.
SOURCE = "https://huggingface.co/spaces/AIEnergyScore/Leaderboard"
PUBLISHED_WH_PER_1000: Mapping[tuple[str, str], float] = {
    ("text_generation", "openai-community/gpt2"): 2.146,
    ("text_generation", "openai-community/gpt2-xl"): 8.921,
    ("text_generation", "mistralai/Mistral-7B-v0.1"): 19.13,
    ("text_generation", "meta-llama/Llama-3.1-8B"): 17.376,
    ("text_to_image", "stabilityai/stable-diffusion-2-1"): 534.466733,
    ("text_to_image", "stabilityai/stable-diffusion-xl-base-1.0"): 1640,
}


@dataclass(frozen=True)
class Beside:
    """A model's energy here and there.

    Attributes:
        here_mj: Per query, as measured for this project.
        there_mj: As published.
    """

    task: str
    model: str
    here_mj: float
    there_mj: float

    @property
    def ratio(self) -> float:
        """Here over there."""
        return self.here_mj / self.there_mj


def beside_published(energies_mj: Mapping[tuple[str, str], float]) -> tuple[Beside, ...]:
    """Return the models that have both figures, in the order of the published ones.

    Args:
        energies_mj: Task and model -> energy per query.
    """
    return tuple(
        Beside(*key, energies_mj[key], there * MJ_PER_WH / 1000)
        for key, there in PUBLISHED_WH_PER_1000.items()
        if key in energies_mj
    )
