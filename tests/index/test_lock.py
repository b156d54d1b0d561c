from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index.errors import ArchiveBusy
from index.lock import HomeLock

HOLD = """
import sys
from pathlib import Path
from index.lock import HomeLock
lock = HomeLock(Path(sys.argv[1]))
lock.acquire("onrecord serve")
print("held", flush=True)
sys.stdin.read()
"""


def _hold(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(home)]
    root = Path(__file__).parents[2]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_another_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with _hold(tmp_path) as holder:
        with pytest.raises(ArchiveBusy) as busy:
            HomeLock(tmp_path).acquire()
        holder.communicate()
    clock = datetime.now()
    times = {f"{clock - timedelta(minutes=back):%H:%M}" for back in (0, 1)}
    message = str(busy.value)
    assert "\n" not in message
    assert message.startswith(f"{tmp_path} is in use by `onrecord serve` (pid {holder.pid}, since ")
    assert any(time in message for time in times)
    assert "--home" in message


def test_a_killed_holder_blocks_no_one(tmp_path: Path) -> None:
    with _hold(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / "lock.note").exists()
    lock = HomeLock(tmp_path)
    lock.acquire("again")
    assert json.loads((tmp_path / "lock.note").read_text())["pid"] == os.getpid()
    lock.release()


def test_released_it_can_be_taken_again_and_the_note_is_gone(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path), HomeLock(tmp_path)
    first.acquire()
    with pytest.raises(ArchiveBusy, match=f"pid {os.getpid()}"):
        second.acquire()
    first.release()
    first.release()
    assert not (tmp_path / "lock.note").exists()
    second.acquire()
    second.release()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "command": 1, "since": "?"}'])
def test_a_note_that_cannot_be_read_is_left_out(tmp_path: Path, note: str) -> None:
    holder = HomeLock(tmp_path)
    holder.acquire()
    (tmp_path / "lock.note").write_text(note)
    with pytest.raises(ArchiveBusy, match="in use by another process"):
        HomeLock(tmp_path).acquire()
    holder.release()
