"""Takes nothing; gives every test the same surroundings, and pytest the two options of ``make test-all``."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from typer import testing

# Ten thousand trees of rulebooks are alive while the tests run; looking through them again and again takes a tenth of
# the time. What is there before the first test (see below) is not looked through at all.
gc.set_threshold(200_000, 20, 50)

# The command with all its options is made of some thousand annotations: once for all calls, which leave it as it is.
testing._get_command = cache(testing._get_command)  # noqa: SLF001  typer makes it for each call

# `make test` tries the same cases each time, so that it says something about the change at hand; `make prove` looks for
# new ones, and what it finds becomes a permanent case. `make test-all` has the time for more cases of each property.
settings.register_profile(
    "test", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("whole", settings.get_profile("test"), max_examples=150)
settings.register_profile("prove", settings.get_profile("test"), derandomize=False, max_examples=2_000)
settings.load_profile("test")


_WITH_SERVER = ("tests/postgres/", "tests/spark/")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what ``make test-all`` asks for."""
    parser.addoption("--skips-fail", action="store_true", help="a skipped test fails, unless it is marked realdata")
    parser.addoption("--whole", action="store_true", help="run the tests marked whole, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that take long, unless they are asked for."""
    if config.getoption("--whole"):
        return
    left_out = [item for item in items if item.get_closest_marker("whole") is not None]
    items[:] = [item for item in items if item.get_closest_marker("whole") is None]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over modules and tests, which stay to the end."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end it looks through them, too, so that what is left goes in order."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give one process all files of a folder whose server takes long to start, where files are given out whole."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415  only where tests run in several processes

    class ByServer(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((each for each in _WITH_SERVER if nodeid.startswith(each)), super()._split_scope(nodeid))

    return ByServer(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where it was asked for."""
    report = yield
    if report.skipped and item.config.getoption("--skips-fail") and item.get_closest_marker("realdata") is None:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and a skip is a failure here: {report.longrepr}"
    return report


_SURROUNDINGS = {
    "COLUMNS": "80",
    "NO_COLOR": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "TERM": "dumb",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    # The checkout may be another user's, as in a container.
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}


@pytest.fixture(autouse=True, scope="session")
def _same_surroundings() -> Iterator[None]:
    """Pin what a terminal, a place, a time zone, the settings of whoever uses git, or a hook of git in which the tests
    run, could change."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        for name, value in _SURROUNDINGS.items():
            patch.setenv(name, value)
        yield
