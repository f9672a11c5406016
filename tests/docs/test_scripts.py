"""Takes the scripts that write pages and catalogues; checks that asking what one does writes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from docs import duties_page, gallery_page, gaming_page, write_catalogues, write_pages


@pytest.mark.parametrize(
    "script",
    [duties_page, gallery_page, gaming_page, write_catalogues, write_pages],
    ids=lambda script: script.__name__.rpartition(".")[2],
)
def test_a_script_that_is_asked_what_it_does_writes_nothing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` says what the script is for, and that is all."""
    monkeypatch.setattr(sys, "argv", [script.__name__, "--help"])
    monkeypatch.setattr(Path, "write_text", lambda path, *_, **__: pytest.fail(f"{path} was written"))
    with pytest.raises(SystemExit) as ended:
        script.main()
    assert ended.value.code == 0
    assert " ".join(script.__doc__.split()) in " ".join(capsys.readouterr().out.split())
