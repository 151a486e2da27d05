import json
import subprocess
from datetime import UTC, datetime

import pytest

from tests.cli.helpers import XOR
from zen_cli import __version__
from zen_cli.experiment import from_file
from zen_cli.runs.receipt import git_commit, receipt
from zen_cli.training.training import Training

HASH = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def repository(tmp_path):
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads" / "main").write_text(f"{HASH}\n")
    (tmp_path / "configs").mkdir()
    return tmp_path


def test_the_receipt_says_where_a_run_came_from():
    training = Training(from_file(XOR))
    found = receipt(training, ["zen", "train"], 1, datetime(2025, 1, 1, tzinfo=UTC))
    assert found["versions"]["zen"] == __version__
    assert (found["started"], found["ended"], found["status"]) == ("2025-01-01T00:00:00Z", None, "running")
    assert (found["seeds"], found["threads"], found["argv"]) == ([0], 1, ["zen", "train"])
    assert found["data_sha256"] == training.experiment.dataset.sha256
    assert all(len(found[name]) == 64 for name in ("config_sha256", "program_sha256"))
    json.dumps(found, allow_nan=False)


def test_the_commit_of_a_branch(repository):
    assert git_commit(repository / "configs") == HASH


def test_the_commit_of_a_packed_branch(repository):
    (repository / ".git" / "refs" / "heads" / "main").unlink()
    packed = f"# pack-refs\n{'f' * 40} refs/heads/other\n{HASH} refs/heads/main\n"
    (repository / ".git" / "packed-refs").write_text(packed)
    assert git_commit(repository) == HASH


def test_a_detached_commit(repository):
    (repository / ".git" / "HEAD").write_text(f"{HASH}\n")
    assert git_commit(repository) == HASH


def test_the_commit_of_a_worktree(repository, tmp_path_factory):
    worktree, folder = tmp_path_factory.mktemp("worktree"), repository / ".git" / "worktrees" / "w"
    folder.mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "commondir").write_text("../..\n")
    (worktree / ".git").write_text(f"gitdir: {folder}\n")
    assert git_commit(worktree) == HASH


@pytest.mark.parametrize("head", ["", "ref: refs/heads/none", "ref: \0", "\xff", "x" * 40])
def test_a_strange_repository_has_no_commit(repository, head):
    (repository / ".git" / "HEAD").write_text(head, "latin-1")
    assert git_commit(repository) is None


def test_git_agrees(tmp_path):
    try:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git is not here")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", tmp_path, *identity, "commit", "-q", "--allow-empty", "-m", "a"], check=True)
    head = subprocess.run(["git", "-C", tmp_path, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert git_commit(tmp_path) == head.stdout.strip()
