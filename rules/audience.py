"""Takes nothing; names for whom something is shown."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """``auditor`` sees everything, ``subject`` is the person scored, ``public`` is anybody."""

    AUDITOR = "auditor"
    SUBJECT = "subject"
    PUBLIC = "public"
