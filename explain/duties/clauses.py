"""Takes nothing; names what some laws ask of an explanation, clause by clause: only what was read, and where.

What is known by recollection alone is not here. A clause with ``for_you`` asks for what no program can see.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

NOTE: Final = "A checklist, not legal advice."
"""The first line of whatever is said of duties."""


class DutyName(StrEnum):
    """The duties that are known."""

    GDPR_15 = "gdpr-15"
    DSA_27 = "dsa-27"
    REG_B = "reg-b"


class Clause(Struct, frozen=True):
    """One thing that a duty asks: its name, where it stands, what it asks in our words, where that was read.

    ``for_you``: what to do yourself, since a program cannot see whether it is so; None where a program looks.
    """

    name: str
    clause: str
    asks: str
    source: str
    for_you: str | None = None


class Duty(Struct, frozen=True):
    """A duty with its clauses; ``scope`` is about whom it binds, which is the first question and not ours."""

    name: DutyName
    title: str
    scope: str
    clauses: tuple[Clause, ...]


_GDPR = "https://gdprhub.eu/Article_15_GDPR"
_JUDGMENT = "http://www.bailii.org/eu/cases/EUECJ/2025/C20322.html"
_PRESS = "http://legalpost.eu/2025/03/automated-credit-assessment-data.html"
_DSA = "https://www.sorena.io/artifacts/eu/digital-services-act/faq/recommender-transparency"
_REG_B = "https://www.consumerfinance.gov/rules-policy/regulations/1002/9/"
_REG_B_COMMENT = "https://www.consumerfinance.gov/rules-policy/regulations/1002/interp-9/"
_LOGIC, _LOGIC_READ = "Article 15(1)(h)", "Article 15(1)(h) as read in C-203/22"

_GDPR_15 = Duty(
    name=DutyName.GDPR_15,
    title="GDPR Article 15: access to what is known of you, and to the logic involved",
    scope=(
        "Article 15(1)(h) is about decisions made by automated means alone; a score can be such a decision where "
        "whoever receives it draws strongly on it (C-634/21). Whether yours is one is the first question."
    ),
    clauses=(
        Clause("gdpr-15/G1", _LOGIC, "The decision that the score feeds is named.", _GDPR),
        Clause(
            "gdpr-15/G1-automated",
            _LOGIC,
            "The person is told that there is automated decision-making, profiling included.",
            _GDPR,
            for_you="Say in your answer whether the score decides alone, or who does: a rulebook has no place for it.",
        ),
        Clause("gdpr-15/G2-data", _LOGIC_READ, "Which of the person's data were used.", _JUDGMENT),
        Clause(
            "gdpr-15/G2-use",
            _LOGIC_READ,
            "How they were used: the procedure and principles actually applied.",
            _JUDGMENT,
        ),
        Clause(
            "gdpr-15/G3",
            _LOGIC_READ,
            "The form is concise, transparent, intelligible and easily accessible.",
            _JUDGMENT,
            for_you="Let somebody who is scored read an explanation, and ask them what it says.",
        ),
        Clause(
            "gdpr-15/G4",
            _LOGIC_READ,
            "It is said in words: the mere communication of a formula is not enough.",
            _JUDGMENT,
        ),
        Clause(
            "gdpr-15/G5",
            _LOGIC_READ,
            "To what extent a variation of the data would have led to another result.",
            _JUDGMENT,
        ),
        Clause(
            "gdpr-15/G6",
            _LOGIC,
            "What the score means for the person: on which scale and at which thresholds.",
            _GDPR,
        ),
        Clause(
            "gdpr-15/G6-consequence",
            _LOGIC,
            "What is to follow for the person at this score.",
            _GDPR,
            for_you="Say in the words of the bands, or in your answer, what is done at each of them.",
        ),
        Clause(
            "gdpr-15/G7",
            "Article 15(1)(g)",
            "Where the data come from, if they were not collected from the person.",
            _GDPR,
        ),
        Clause("gdpr-15/G8-verify", _LOGIC_READ, "Enough to verify that the data and the result are right.", _JUDGMENT),
        Clause("gdpr-15/G8-challenge", _LOGIC_READ, "A way to challenge the result.", _PRESS),
        Clause(
            "gdpr-15/G9",
            "Article 15(1)(f)",
            "The right to complain to a supervisory authority is named.",
            _GDPR,
            for_you="Name the authority in your answer: a rulebook has no place for it.",
        ),
        Clause("gdpr-15/G10", _LOGIC_READ, "What is withheld is listed, each with its reason.", _JUDGMENT),
        Clause(
            "gdpr-15/G10-authority",
            _LOGIC_READ,
            "What is withheld as a secret, or for the sake of others, goes to the authority or court, which weighs it.",
            _JUDGMENT,
            for_you="Say where, and keep what was withheld ready.",
        ),
        Clause("gdpr-15/G13", "Article 15(3)", "A copy of the data that counted.", _GDPR),
        Clause(
            "gdpr-15/G13-rest",
            "Article 15(3)",
            "A copy of what else is held about the person, which no rule reads.",
            _GDPR,
            for_you="Add it: a score knows only what its rules read.",
        ),
    ),
)

_DSA_27 = Duty(
    name=DutyName.DSA_27,
    title="DSA Article 27: how a recommender system orders what it shows",
    scope=(
        "It binds providers of online platforms that use recommender systems: whether your score orders what such a "
        "platform shows is the first question."
    ),
    clauses=(
        Clause("dsa-27/D1", "Article 27(1)", "The main parameters are set out.", _DSA),
        Clause(
            "dsa-27/D1-terms",
            "Article 27(1)",
            "They stand in the terms and conditions, in plain and intelligible language.",
            _DSA,
            for_you="Put what `tally guide` prints, or a link to it, into your terms, and let somebody read it.",
        ),
        Clause(
            "dsa-27/D1-options",
            "Article 27(1)",
            "The options to modify or influence the parameters are set out.",
            _DSA,
            for_you="Say which settings people have, or that they have none: a rulebook has no place for it.",
        ),
        Clause("dsa-27/D2", "Article 27(2)", "They explain why something is suggested.", _DSA),
        Clause(
            "dsa-27/D3-criteria", "Article 27(2)(a)", "It can be seen which criteria are the most significant.", _DSA
        ),
        Clause(
            "dsa-27/D3-reasons", "Article 27(2)(b)", "The reasons for the relative importance of each parameter.", _DSA
        ),
        Clause(
            "dsa-27/D4",
            "Article 27(3)",
            "Where there are several options, they can be chosen right where the order is shown.",
            _DSA,
            for_you="Look at the page of your platform.",
        ),
        Clause(
            "dsa-27/D5",
            "Article 38",
            "A very large online platform has one option that is not based on profiling.",
            _DSA,
            for_you="If yours is one, offer an order without the score of any person.",
        ),
    ),
)

_COMMENT = "Official comment to 1002.9(b)(2)"

_REG_B_DUTY = Duty(
    name=DutyName.REG_B,
    title="Regulation B, 12 CFR 1002.9: reasons for adverse action on credit",
    scope=(
        "It binds creditors in the United States. Reasons are what held the score back, or the requirement that was "
        "not met; reasons need not say how or why a factor hurt."
    ),
    clauses=(
        Clause("reg-b/R1", "1002.9(b)(2)", "The principal reasons are told, and each is a specific one.", _REG_B),
        Clause(
            "reg-b/R2",
            "1002.9(b)(2)",
            "Internal standards or policies, or a score that was not reached, are no reason.",
            _REG_B,
        ),
        Clause(
            "reg-b/R3",
            _COMMENT,
            "No number of reasons is set, but more than four in all are not likely to help.",
            _REG_B_COMMENT,
        ),
        Clause(
            "reg-b/R4-scored",
            _COMMENT,
            "Each reason is a factor that was actually considered or scored.",
            _REG_B_COMMENT,
        ),
        Clause("reg-b/R4-complete", _COMMENT, "No principal reason is left out.", _REG_B_COMMENT),
        Clause(
            "reg-b/R5",
            _COMMENT,
            "Reasons are chosen by a method: what is furthest below an average of those scored, or one that comes to "
            "much the same.",
            _REG_B_COMMENT,
        ),
        Clause(
            "reg-b/R5-average",
            _COMMENT,
            "The average is that of those at or slightly above the pass mark, or of all who applied.",
            _REG_B_COMMENT,
            for_you="Keep whom the baselines are the average of, and when: a rulebook has no place for it.",
        ),
        Clause(
            "reg-b/R7",
            _COMMENT,
            "Where one factor denies by itself, it is the reason.",
            _REG_B_COMMENT,
        ),
        Clause("reg-b/R8-who", "1002.9(a)(2)", "The creditor's name and address.", _REG_B),
        Clause(
            "reg-b/R8-notice",
            "1002.9(a)(2)",
            "What action was taken, the notice of the act, and the federal agency; and the reasons, or the right to "
            "ask for them within 60 days and have them within 30.",
            _REG_B,
            for_you="Put them into your letter: a rulebook has no place for them.",
        ),
        Clause(
            "reg-b/R8-kept",
            "1002.12(b)",
            "Applications and what was used for them are kept for 25 months.",
            _REG_B,
            for_you="Keep the run's folder and its records for as long.",
        ),
    ),
)

DUTIES: dict[DutyName, Duty] = {each.name: each for each in (_GDPR_15, _DSA_27, _REG_B_DUTY)}
