"""One worker process as its supervisor sees it: started, spoken to, listened to, blamed, ended."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from measure.progress import Message
from measure.worker import Task
from measure.worker_config import WorkerConfig, named
from measure.workload import ModelSpec

_LOG_TAIL_BYTES = 2000


@dataclass(frozen=True)
class Channel:
    """What all workers of a campaign share.

    Attributes:
        folder: For their logs.
        messages: Their messages, each with the worker's number.
        lock_descriptor: The campaign's lock, which they keep while they live.
    """

    folder: Path
    messages: queue.Queue[tuple[int, Message]]
    lock_descriptor: int


class Supervised:
    """A worker process and what is known of it.

    Attributes:
        name: For the user.
        config: What it is told.
        running: Whether it is to be waited for.
        ready: Whether it has loaded its libraries.
        held: Models handed to it that are not done.
        blamed: The model that it works on; its fall would be this model's.
        measured_since_start: Whether it finished a trial since it was started.
        false_starts: Falls before any model.
        last_heard_s: Monotonic time of its last message.
        log: File of its standard error.
    """

    def __init__(self, number: int, config: WorkerConfig, environment: Mapping[str, str], channel: Channel) -> None:
        self.name = f"GPU {config.device}"
        self.config = config
        self.running = False
        self.ready = False
        self.held: list[ModelSpec] = []
        self.blamed: ModelSpec | None = None
        self.measured_since_start = False
        self.false_starts = 0
        self.last_heard_s = 0.0
        self.log = channel.folder / f"worker-{number}.log"
        self._number = number
        self._environment = environment
        self._channel = channel
        self._process: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None
        self._starts = 0
        self._killed = ""

    def start(self) -> None:
        """Start the process and a thread that listens to it."""
        self.kill()
        self._starts += 1
        self.running, self.ready, self.measured_since_start = True, False, False
        self.held, self.blamed, self._killed = [], None, ""
        self.last_heard_s = time.monotonic()
        # A file of its own for each start: what the last process left is never appended to.
        tag = f"{os.getpid()}-{self._number}-{self._starts}"
        config = replace(
            self.config,
            shard=self.config.shard.replace("{tag}", tag),
            sentinel_shard=self.config.sentinel_shard.replace("{tag}", tag),
            sentinel_moments=self.config.sentinel_moments if self._starts == 1 else ("end",),
            seed=self.config.seed + self._starts,
        )
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "measure.worker_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
                env={**os.environ, **self._environment},
                pass_fds=(self._channel.lock_descriptor,),
            )
        self._listener = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
        self._listener.start()
        self._say(config.to_json())

    def hand(self, task: Task | None) -> None:
        """Answer a request with a model, or with the end."""
        if task is None:
            self._say("null")
            return
        self.held.append(task.spec)
        self._say(json.dumps(vars(task) | {"spec": named(task.spec)}))

    def heard(self, message: Message) -> None:
        """Note what a message says of the worker's state."""
        self.last_heard_s = time.monotonic()
        event = message["event"]
        if event == "ready":
            self.ready = True
        elif event == "start":
            spec = ModelSpec(*message["model"])
            self.blamed = spec if spec in self.held else None
        elif event == "trial":
            self.measured_since_start = True
        elif event == "done":
            spec = ModelSpec(*message["model"])
            self.held = [held for held in self.held if held != spec]
            self.blamed = None
            self.measured_since_start, self.false_starts = True, 0
        elif event in ("end", "fell"):
            self.running = False

    def kill_hung(self, reason: str) -> None:
        """End a process that does not speak; its fall is a time-out."""
        self._killed = reason
        self.last_heard_s = time.monotonic()
        self.kill()

    def kill(self) -> None:
        """End the process, if it still runs, and close what leads to it."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.kill()
            process.wait()
        if self._listener is not None:
            self._listener.join()
        with contextlib.suppress(BrokenPipeError):
            if process.stdin is not None:
                process.stdin.close()
        if process.stdout is not None:
            process.stdout.close()

    def _say(self, line: str) -> None:
        stream: IO[str] | None = self._process.stdin if self._process else None
        try:
            if stream is not None:
                stream.write(line + "\n")
                stream.flush()
        except BrokenPipeError:
            pass  # the listener tells of its fall

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """Pass the process's messages on; the last one says that it fell, unless it said the end itself."""
        ended = False
        for line in process.stdout or ():
            message = json.loads(line)
            ended = ended or message["event"] == "end"
            self._channel.messages.put((self._number, message))
        code = process.wait()
        if not ended:
            status = "timed_out" if self._killed else "crashed"
            self._channel.messages.put((self._number, {"event": "fell", "status": status, "reason": self._why(code)}))

    def _why(self, code: int) -> str:
        if self._killed:
            return self._killed
        ended = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        tail = self.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip().splitlines()
        return f"{ended}: {tail[-1].strip()}" if tail else ended
