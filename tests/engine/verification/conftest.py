"""Takes nothing; gives the tests of verification a run that has everything, and a way to forge one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from generators.accepted import accepted
from ledgers.forged import RULEBOOK, Forge, Made, forged, make, write_inputs


@pytest.fixture(scope="session")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("whole")
    return make(accepted(RULEBOOK), write_inputs(folder), folder / "run")


@pytest.fixture
def made(_whole: Made, tmp_path: Path) -> Made:
    """Return a run of one's own, with every file that a run can have."""
    shutil.copytree(_whole.folder, tmp_path / "run")
    return Made(tmp_path / "run", _whole.rulebook, _whole.given)


@pytest.fixture
def forge() -> Forge:
    """Return a way to change a run and make its digests and its seal fit again, as somebody with intent would."""
    return forged
