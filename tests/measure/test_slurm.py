"""The Slurm executor, on a real one-node Slurm with the replay meter."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from measure.cli import main
from measure.request import Request
from measure.results import read_rows
from measure.slurm import task_request

from .test_request import a_request

_PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged")
_MISSING = [program for program in _PROGRAMS if shutil.which(program) is None]

needs_slurm = pytest.mark.skipif(
    bool(_MISSING) or os.geteuid() != 0,
    reason=f"needs root and Debian's slurm-wlm and munge; missing here: {', '.join(_MISSING) or 'root'}",
)

_CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def slurm(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("slurm")
    host = socket.gethostname().split(".")[0]
    munge = folder / "munge"
    munge.mkdir(mode=0o755)
    key = munge / "key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    for path in [folder, *folder.parents][:4]:
        path.chmod(path.stat().st_mode | 0o055)
    conf = folder / "slurm.conf"
    conf.write_text(_CONF.format(host=host, port=free_port(), node_port=free_port(), folder=folder))
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    monkeypatch.setenv("SLURM_CONF", str(conf))
    # Its set-up of logging closes the handlers of others, and absl's (of mlcroissant) closes pytest's own stream.
    monkeypatch.setenv("SUBMITIT_LOG_LEVEL", "NOCONFIG")
    names = {"socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    options = [f"--{option}={munge / name}" for option, name in names.items()]
    subprocess.run(["munged", "--force", f"--key-file={key}", *options], check=True)
    subprocess.run(["slurmctld", "-f", str(conf)], check=True)
    subprocess.run(["slurmd", "-f", str(conf), "-N", host], check=True)
    until_s = time.monotonic() + 30
    while "idle" not in subprocess.run(["sinfo", "-h", "-o", "%t"], capture_output=True, text=True, check=False).stdout:
        assert time.monotonic() < until_s, (folder / "slurmctld.log").read_text()[-2000:]
        time.sleep(0.2)
    yield folder
    for pid in (folder / "slurmd.pid", folder / "slurmctld.pid", munge / "pid"):
        subprocess.run(["kill", pid.read_text().strip()], check=False)


def test_each_task_measures_its_share_into_its_own_files() -> None:
    request = a_request(output="/shared/out")
    first, second = (task_request(request, task, 2) for task in (0, 1))
    assert (first.share, second.share) == ((0, 2), (1, 2))
    assert first.output == "/shared/out/.joule-measure/tasks/task-0"
    assert Request.from_json(second.to_json()) == second


@needs_slurm
def test_an_array_on_a_real_slurm_measures_every_model_once(slurm: Path, tmp_path: Path) -> None:
    output = tmp_path / "campaign"
    arguments = ["run", "resnet1*", "vit_tiny_patch16_224", "--workload", "simulated", "--no-sentinels"]
    arguments += ["--executor", "slurm", "--slurm-tasks", "3", "--slurm-gpus", "0", "--slurm-minutes", "5"]
    submitted = CliRunner().invoke(main, [*arguments, "--output", str(output)])
    assert submitted.exit_code == 0, submitted.output
    assert submitted.output.startswith("submitted 3 tasks: ")
    until_s = time.monotonic() + 90
    while subprocess.run(["squeue", "-h"], capture_output=True, text=True, check=True).stdout.strip():
        assert time.monotonic() < until_s
        time.sleep(0.3)
    merged = CliRunner().invoke(main, ["resume", "--output", str(output), "--merge-only"])
    logs = "".join(path.read_text() for path in (output / ".joule-measure" / "slurm").glob("*.err"))
    assert merged.output == "merged the rows of 3 tasks\n", merged.output + logs
    rows = read_rows(output / "simulated_pytorch_fp32.csv")
    finals = [row["model"] for row in rows if row["stage"] == "final"]
    assert len(finals) == len(set(finals)) == len({row["model"] for row in rows})
    assert {"resnet18", "resnet101", "vit_tiny_patch16_224"} <= set(finals)
    assert (output / "simulated_pytorch_fp32.toml").exists()
