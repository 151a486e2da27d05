import os
import signal
import subprocess
import sys

import pytest

from zen_cli.errors import Exit, ZenError
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.lock import host_name, locked

HOLDER = """
import sys, time
from pathlib import Path
from zen_cli.runs.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / ".lock")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_process_is_told_who_holds_it(tmp_path, holder):
    with pytest.raises(ZenError) as caught, RunDirectory(tmp_path).lock():
        pytest.fail("locked twice")
    assert caught.value.code is Exit.ENVIRONMENT
    assert f"in use by process {holder.pid} on {host_name()}" in str(caught.value)
    assert holder.poll() is None


def test_a_killed_holder_leaves_nothing_to_clean_up(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with locked(tmp_path / ".lock"):
        assert (tmp_path / ".lock").read_text() == f"{os.getpid()} {host_name()}\n"


def test_the_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(RuntimeError), locked(tmp_path / ".lock"):
        raise RuntimeError
    with locked(tmp_path / ".lock"):
        pass


def test_a_read_only_folder_is_the_environments_fault(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ZenError) as caught, RunDirectory(tmp_path).lock():
        pytest.fail("locked")
    assert (caught.value.code, "chmod" in caught.value.hint) == (Exit.ENVIRONMENT, True)


def test_a_file_system_without_locks_does_not_stop_a_run(tmp_path, monkeypatch):
    import fcntl

    def no_locks(*arguments):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with locked(tmp_path / ".lock"):
        pass
