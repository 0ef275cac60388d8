"""From NVML to a meter of one card and to what the machine's cards are: the only module that imports pynvml."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

import pynvml

from builder.problems import UserError
from measure.power import CardState

_MIB = 1024 * 1024
_MW_PER_W = 1000.0

# Bits of nvmlDeviceGetCurrentClocksEventReasons: NVML API reference, "Clocks Event Reasons".
CLOCK_EVENT_REASONS = (
    (0x0001, "gpu_idle"),
    (0x0002, "applications_clocks_setting"),
    (0x0004, "sw_power_cap"),
    (0x0008, "hw_slowdown"),
    (0x0010, "sync_boost"),
    (0x0020, "sw_thermal_slowdown"),
    (0x0040, "hw_thermal_slowdown"),
    (0x0080, "hw_power_brake_slowdown"),
    (0x0100, "display_clock_setting"),
)

# Names that NVML gives to the cards in data/gpus.csv.
KNOWN_GPUS = {
    "NVIDIA A100-PCIE-40GB": "a100-pcie-40gb",
    "NVIDIA H100 PCIe": "h100-pcie-80gb",
    "NVIDIA H100 80GB HBM3": "h100-sxm-80gb",
    "NVIDIA H200": "h200-sxm-141gb",
}


@dataclass(frozen=True)
class Card:
    """A card as NVML describes it.

    Attributes:
        index: NVML's index, as nvidia-smi shows it.
        name: NVML's name.
        uuid: As CUDA_VISIBLE_DEVICES takes it.
        slug: Its name in data/gpus.csv.
        memory_total_mib: Device memory.
        memory_free_mib: Of it, free.
        power_limit_w: In force.
        default_power_limit_w: The board's default.
        sm_clock_mhz: Now.
        max_sm_clock_mhz: The board's highest.
        mig: Whether split into MIG instances.
        processes: Ids of processes that compute on it.
        driver: Driver version.
        cuda: Newest CUDA version that the driver runs.
    """

    index: int
    name: str
    uuid: str
    slug: str
    memory_total_mib: float
    memory_free_mib: float
    power_limit_w: float
    default_power_limit_w: float
    sm_clock_mhz: int
    max_sm_clock_mhz: int
    mig: bool
    processes: tuple[int, ...]
    driver: str
    cuda: str

    @property
    def short_uuid(self) -> str:
        """Its name in cost and sentinel rows: the UUID's first eight digits tell the cards of a laboratory apart."""
        return self.uuid[: len("GPU-") + 8]


def start() -> None:
    """Start NVML; raise UserError where there is no driver."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        msg = (
            f"NVML does not start: {error}.\n"
            "  expected: an NVIDIA driver on this machine\n"
            "  fix: check that nvidia-smi runs; without a GPU, --workload simulated tries everything else."
        )
        raise UserError(msg) from error


def cards() -> tuple[Card, ...]:
    """Describe every card of the machine."""
    start()
    return tuple(card(index) for index in range(pynvml.nvmlDeviceGetCount()))


def card(index: int) -> Card:
    """Describe the card at NVML's index; raise UserError where there is none."""
    start()
    try:
        handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    except pynvml.NVMLError as error:
        msg = f"there is no GPU {index}: {error}.\n  fix: nvidia-smi -L lists them."
        raise UserError(msg) from error
    name = pynvml.nvmlDeviceGetName(handle)
    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    cuda = pynvml.nvmlSystemGetCudaDriverVersion()
    return Card(
        index=index,
        name=name,
        uuid=pynvml.nvmlDeviceGetUUID(handle),
        slug=gpu_slug(name, memory.total / _MIB),
        memory_total_mib=memory.total / _MIB,
        memory_free_mib=memory.free / _MIB,
        power_limit_w=pynvml.nvmlDeviceGetEnforcedPowerLimit(handle) / _MW_PER_W,
        default_power_limit_w=pynvml.nvmlDeviceGetPowerManagementDefaultLimit(handle) / _MW_PER_W,
        sm_clock_mhz=pynvml.nvmlDeviceGetClockInfo(handle, pynvml.NVML_CLOCK_SM),
        max_sm_clock_mhz=pynvml.nvmlDeviceGetMaxClockInfo(handle, pynvml.NVML_CLOCK_SM),
        mig=_mig_enabled(handle),
        processes=tuple(process.pid for process in pynvml.nvmlDeviceGetComputeRunningProcesses(handle)),
        driver=pynvml.nvmlSystemGetDriverVersion(),
        cuda=f"{cuda // 1000}.{cuda % 1000 // 10}",
    )


def gpu_slug(name: str, memory_mib: float) -> str:
    """Return the card's name for data/: the known one, else the words of NVML's name and the memory."""
    if name in KNOWN_GPUS:
        return KNOWN_GPUS[name]
    words = [word for word in re.findall(r"[a-z0-9]+", name.lower()) if word != "nvidia"]
    if not re.search(r"\d+gb", "".join(words)):
        words.append(f"{round(memory_mib * _MIB / 1e9)}gb")
    return "-".join(words)


class NvmlMeter:
    """The sensors of one card."""

    def __init__(self, index: int) -> None:
        start()
        self._handle: Any = pynvml.nvmlDeviceGetHandleByIndex(index)
        self.has_instant = self._field(pynvml.NVML_FI_DEV_POWER_INSTANT) is not None
        self.has_average = self._field(pynvml.NVML_FI_DEV_POWER_AVERAGE) is not None
        try:
            self.energy_mj()
        except pynvml.NVMLError as error:
            msg = (
                f"the card has no total-energy counter: {error}.\n"
                "  expected: Volta or newer\n"
                "  fix: measure on another card; integrating power samples alone is not precise enough."
            )
            raise UserError(msg) from error

    def energy_mj(self) -> float:
        """Return the energy since the driver was loaded, in mJ."""
        return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(self._handle))

    def power(self) -> tuple[float | None, float | None]:
        """Return instant and average power in W; where neither field exists, nvidia-smi's power as the average."""
        if not self.has_instant and not self.has_average:
            return None, pynvml.nvmlDeviceGetPowerUsage(self._handle) / _MW_PER_W
        instant, average = pynvml.nvmlDeviceGetFieldValues(
            self._handle, [pynvml.NVML_FI_DEV_POWER_INSTANT, pynvml.NVML_FI_DEV_POWER_AVERAGE]
        )
        return _watts(instant), _watts(average)

    def state(self) -> CardState:
        """Return temperature, clock and throttle reasons."""
        bits = pynvml.nvmlDeviceGetCurrentClocksEventReasons(self._handle)
        return CardState(
            temperature_c=float(pynvml.nvmlDeviceGetTemperature(self._handle, pynvml.NVML_TEMPERATURE_GPU)),
            sm_clock_mhz=int(pynvml.nvmlDeviceGetClockInfo(self._handle, pynvml.NVML_CLOCK_SM)),
            throttle_reasons=reason_names(bits),
        )

    def other_processes(self) -> tuple[int, ...]:
        """Return other computing processes; in a container the driver knows this one by another id, so one is free."""
        found = [process.pid for process in pynvml.nvmlDeviceGetComputeRunningProcesses(self._handle)]
        others = tuple(pid for pid in found if pid != os.getpid())
        return others if len(found) > 1 else ()

    def mig_enabled(self) -> bool:
        """Say whether the card is split."""
        return _mig_enabled(self._handle)

    def _field(self, field: int) -> float | None:
        return _watts(pynvml.nvmlDeviceGetFieldValues(self._handle, [field])[0])


def reason_names(bits: int) -> tuple[str, ...]:
    """Name the clock event reasons of a bit mask; unknown bits as hexadecimal."""
    names = [name for bit, name in CLOCK_EVENT_REASONS if bits & bit]
    unknown = bits & ~sum(bit for bit, _ in CLOCK_EVENT_REASONS)
    return (*names, f"0x{unknown:x}") if unknown else tuple(names)


def _watts(value: Any) -> float | None:
    return value.value.uiVal / _MW_PER_W if value.nvmlReturn == pynvml.NVML_SUCCESS else None


def _mig_enabled(handle: Any) -> bool:
    try:
        current, _ = pynvml.nvmlDeviceGetMigMode(handle)
    except pynvml.NVMLError_NotSupported:
        return False
    return bool(current == pynvml.NVML_DEVICE_MIG_ENABLE)
