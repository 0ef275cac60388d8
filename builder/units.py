"""Units and the constants between them: energies are in millijoules per item unless a name says otherwise."""

MJ_PER_J = 1_000.0
J_PER_WH = 3_600.0
MJ_PER_WH = MJ_PER_J * J_PER_WH
MJ_PER_KWH = MJ_PER_WH * 1_000.0
MJ_PER_MWH = MJ_PER_WH * 1_000_000.0
MS_PER_S = 1_000.0


def mean_power_w(energy_mj_per_item: float, throughput_items_per_s: float) -> float:
    """Return the mean power in watts that an energy per item at a throughput implies."""
    return energy_mj_per_item * throughput_items_per_s / MJ_PER_J
