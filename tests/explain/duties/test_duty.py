"""Takes an explanation and a rulebook that have all that the duties ask; takes one thing away after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from generators.accepted import accepted
from msgspec.structs import replace

from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.explain import Explanation, explain
from tallystick.explain.duties.checklist import duties_checked
from tallystick.explain.duties.checks import EXPLANATION_CHECKS
from tallystick.explain.duties.clauses import DUTIES, NOTE, Clause, DutyName
from tallystick.explain.duties.diagnostics import with_duties
from tallystick.explain.duties.document import ClauseChecked, DutiesChecked
from tallystick.explain.duties.lacks import Lack
from tallystick.explain.duties.pages import duty_html, duty_markdown, duty_text
from tallystick.explain.duties.phrases import forbidden
from tallystick.explain.duties.rulebook import PHRASES, RULEBOOK_CHECKS
from tallystick.explain.duties.words import missing_words
from tallystick.explain.printable import printable_json
from tallystick.explain.tree.bands import BandPlace, Level, Need, Requirement
from tallystick.explain.tree.origins import InputFacts, ReceiptFacts
from tallystick.explain.tree.withheld import Withheld
from tallystick.explain.what_if.could_change_document import EnoughActions, Goal, ImaginedAction, NothingDone
from tallystick.rules.audience import Audience
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.load import read
from tallystick.rules.source import Source

AS_OF = date(2026, 3, 1)
CLAUSES = {clause.name: clause for duty in DUTIES.values() for clause in duty.clauses}
LOAN = """\
rulebook "Loan" version 1.0.0
    owner    "A bank, 1 High Street"
    contact  "loans@bank.example"
    purpose  "Decide who is offered a loan."
    measures "How surely a loan is paid back."
    source   "Your application, and the payments that our branches noted."

records
    id      text
    subject text
    kind    one of payment, default
    at      date

subjects
    stayed whole number 0 to 60 "years of residence"

require enough "enough to judge"
    when payments >= 1
    otherwise insufficient data "We know of no payment of yours."

measure payments "payment" / "payments"
    count payment

measure defaults "default" / "defaults"
    count default

rule paying "Payments made"
    weight 50
    level  payments, linear to 10
    baseline 20
    because "Who has paid, pays: so it weighs most."

rule residence "Length of residence"
    points by stayed
        under 2:   0 "You have lived here for less than two years."
        2 or more: 20
    baseline 10
    because "Who stays can be found."

rule defaulting "Payments missed"
    points -5 * defaults
    at least -20
    at most 0
    baseline 0
    when defaults >= 1
    otherwise 0 "You have missed none."
    because "A payment missed says less than many made."

score "Loan"
    sum of all rules
    at least 0
    at most 70
    rounded to 1 place
    reasons at most 4

bands
    from 0  refused "No loan is offered"
    from 40 offered "A loan is offered"
"""
RECORDS = [["r1", "ada", "payment", "2026-01-02"], ["r2", "ada", "payment", "2026-02-02"]]
RECORDS += [["r3", "ada", "default", "2026-02-20"]]


def lint(text: str, *names: DutyName) -> tuple[Diagnostic, ...]:
    """Return what stands in the way of the duties in a rulebook."""
    rulebook, found = read(Source("loan.tally", text))
    assert rulebook is not None, [each.message for each in found]
    return with_duties(found, rulebook, names or tuple(DutyName))


@pytest.fixture(scope="module")
def whole() -> Explanation:
    """Give an explanation that has whatever a duty asks: its reasons are 5, 5 and 10 points below their baselines."""
    rulebook = accepted(LOAN)
    records = read_rows(record_fields(rulebook), ["id", "subject", "kind", "at"], RECORDS, "id").rows
    people = read_rows(subject_fields(rulebook), ["subject", "stayed"], [["ada", "1"]], "subject").rows
    explained = explain(refer(rulebook, records, people, AS_OF), "ada", evidence=True)
    goal = Goal(form="one step", at_least="5.1", band=None, band_title=None)
    action = ImaginedAction(kind="payment", who="somebody", on=AS_OF, same=(), different=(), attributes=None)
    tried = EnoughActions(
        rule="paying",
        title="Payments made",
        goal=goal,
        actions=1,
        action=action,
        score="10.0",
        one_fewer="5.0",
        points_now="10.0",
        points_then="15.0",
        still_on=AS_OF,
        tried_until=AS_OF,
    )
    receipt = ReceiptFacts(
        inputs=(InputFacts(role="records", name="records.csv", sha256="0" * 64, rows=3),),
        mapping=None,
        engine="duckdb 1",
        ledger_digest="0" * 64,
    )
    return explained.model_copy(update={"could_change": (tried,), "receipt": receipt})


def with_book(**parts: str | None) -> Callable[[Explanation], Explanation]:
    """Return what alters the rulebook's words in an explanation."""
    return lambda document: document.model_copy(update={"rulebook": replace(document.rulebook, **parts)})


def with_line(place: int, **parts: object) -> Callable[[Explanation], Explanation]:
    """Return what alters a line."""

    def altered(document: Explanation) -> Explanation:
        lines = list(document.lines)
        lines[place] = replace(lines[place], **parts)
        return document.model_copy(update={"lines": tuple(lines)})

    return altered


def with_reason(place: int, **parts: object) -> Callable[[Explanation], Explanation]:
    """Return what alters a principal reason."""

    def altered(document: Explanation) -> Explanation:
        reasons = list(document.principal_reasons)
        reasons[place] = replace(reasons[place], **parts)
        return document.model_copy(update={"principal_reasons": tuple(reasons)})

    return altered


def with_parts(**parts: object) -> Callable[[Explanation], Explanation]:
    """Return what alters the explanation itself."""
    return lambda document: document.model_copy(update=parts)


def without_data(document: Explanation) -> Explanation:
    """Name no data."""
    return document.model_copy(update={"data": replace(document.data, fields=(), attributes=())})


def five_reasons(document: Explanation) -> Explanation:
    """Tell five reasons."""
    last = document.principal_reasons[-1]
    return document.model_copy(update={"principal_reasons": (*document.principal_reasons, last, last)})


def unreasoned(document: Explanation) -> Explanation:
    """Tell only what raised the score."""
    up = tuple(each for each in document.principal_reasons if each.direction == "up")
    return document.model_copy(update={"principal_reasons": up})


def not_told_first(document: Explanation) -> Explanation:
    """Leave out the reason that weighs most."""
    down = [each for each in document.principal_reasons if each.direction == "down"]
    return document.model_copy(update={"principal_reasons": tuple(down[1:])})


def silent(document: Explanation) -> Explanation:
    """Say of nobody what is required."""
    required = Requirement(
        name="enough", title="enough", words=" ", because=None, condition=None, measures=(), inputs=()
    )
    return document.model_copy(update={"outcome": "insufficient data", "requirement": required})


QUIET = NothingDone(days=30, on=AS_OF, outcome="scored", score="5.0", points="0.0", words=None)
MOST_METHOD = "the most that the rule can give, less the points given"
SPOILED: tuple[tuple[str, Lack, Callable[[Explanation], Explanation]], ...] = (
    ("gdpr-15/G1", Lack.PURPOSE, with_book(purpose=None)),
    ("gdpr-15/G2-data", Lack.DATA, without_data),
    ("gdpr-15/G2-use", Lack.ACCOUNT, with_line(0, working=None)),
    ("gdpr-15/G2-use", Lack.HIDDEN, with_parts(withheld=(Withheld(what="rules", rules=("x",), because="Private."),))),
    ("gdpr-15/G13", Lack.HIDDEN, with_parts(records=(), audience=Audience.PUBLIC)),
    ("gdpr-15/G4", Lack.WORDS, with_line(1, why=None)),
    ("gdpr-15/G5", Lack.VARIATION, with_parts(could_change=())),
    ("gdpr-15/G5", Lack.ANY_VARIATION, with_parts(could_change=(QUIET,))),
    ("gdpr-15/G6", Lack.BANDS, with_parts(band=None)),
    ("gdpr-15/G7", Lack.SOURCE, with_book(source=" ")),
    ("gdpr-15/G8-verify", Lack.RECEIPT, with_parts(receipt=None)),
    ("gdpr-15/G8-challenge", Lack.CONTACT, with_book(contact=None)),
    ("gdpr-15/G10", Lack.WITHHELD_BECAUSE, with_parts(withheld=(Withheld(what="names", because=""),))),
    ("gdpr-15/G13", Lack.RECORDS, with_parts(records=())),
    ("dsa-27/D1", Lack.LINES, with_parts(lines=())),
    ("dsa-27/D2", Lack.MEASURES, with_book(measures=None)),
    ("dsa-27/D2", Lack.REASONS, with_parts(principal_reasons=())),
    ("dsa-27/D3-criteria", Lack.MOST, with_line(2, of=None)),
    ("dsa-27/D3-reasons", Lack.BECAUSE, with_line(2, why="")),
    ("reg-b/R1", Lack.REASONS, unreasoned),
    ("reg-b/R1", Lack.OWN_TITLE, with_line(2, title="Payments made")),
    ("reg-b/R3", Lack.REASONS_AT_MOST, five_reasons),
    ("reg-b/R4-scored", Lack.OTHERWISE, with_line(1, points=None)),
    ("reg-b/R4-scored", Lack.OTHERWISE, with_reason(-1, rule="elsewhere")),
    ("reg-b/R4-complete", Lack.LEFT_OUT, not_told_first),
    ("reg-b/R4-complete", Lack.LEFT_OUT, unreasoned),
    ("reg-b/R4-complete", Lack.MOST, with_line(2, of=None, baseline=None)),
    ("reg-b/R5", Lack.BASELINE, with_reason(-1, method=MOST_METHOD)),
    ("reg-b/R7", Lack.REQUIREMENT_WORDS, silent),
    ("reg-b/R8-who", Lack.OWNER, with_book(owner=None)),
    ("reg-b/R8-who", Lack.CONTACT, with_book(contact="")),
)


def resolved(tree: object, pointer: str) -> object:
    """Return what a JSON pointer leads to; one that leads nowhere raises."""
    for part in pointer.split("/")[1:]:
        match tree:
            case list():
                tree = tree[int(part)]
            case dict():
                tree = tree[part.replace("~1", "/").replace("~0", "~")]
            case _:
                raise LookupError(pointer)
    return tree


def clause_of(found: DutiesChecked, name: str) -> ClauseChecked:
    """Return what was found of a clause."""
    return next(clause for duty in found.duties for clause in duty.clauses if clause.name == name)


@pytest.mark.parametrize(
    ("name", "lack", "spoil"), SPOILED, ids=[f"{name}: {lack}, {at}" for at, (name, lack, _) in enumerate(SPOILED)]
)
def test_a_clause_is_met_until_its_thing_is_taken_away(
    whole: Explanation, name: str, lack: Lack, spoil: Callable[[Explanation], Explanation]
) -> None:
    """The whole explanation meets the clause by something that stands in it; spoiled, it lacks just that thing."""
    duty = CLAUSES[name].name.partition("/")[0]
    met = clause_of(duties_checked(whole, [DutyName(duty)]), name)
    assert met.standing == "met"
    assert met.at != ()
    tree = json.loads(printable_json(whole))
    for pointer in met.at:
        resolved(tree, pointer)
    found = duties_checked(spoil(whole), [DutyName(duty)])
    spoiled = clause_of(found, name)
    assert (spoiled.standing, {each.lack for each in spoiled.missing}) == ("missing", {lack})
    assert spoiled.at == ()
    assert not found.complies


def test_the_whole_explanation_and_rulebook_comply(whole: Explanation) -> None:
    """With all there, nothing is missing or forbidden; what no program can see is counted as nothing but that."""
    found = duties_checked(whole, [*DutyName, DutyName.REG_B])
    assert found.complies
    assert [each.duty for each in found.duties] == list(DutyName)
    for duty in found.duties:
        assert (duty.missing, duty.forbidden) == (0, 0)
        assert duty.met + duty.for_you == len(duty.clauses)
        assert all((each.standing == "for you to do") == (each.do is not None) for each in duty.clauses)
        assert all(not each.at for each in duty.clauses if each.standing == "for you to do")
    assert lint(LOAN) == ()


def test_each_clause_is_looked_at_by_a_program_or_by_a_person() -> None:
    """Every clause has one who looks, a source and a name of its own; every look is of a clause and is tested above."""
    for duty in DUTIES.values():
        for clause in duty.clauses:
            assert clause.name.startswith(f"{duty.name}/")
            assert (clause.name in EXPLANATION_CHECKS) == (clause.for_you is None)
            assert clause.source.startswith(("http://", "https://"))
    assert len(CLAUSES) == sum(len(duty.clauses) for duty in DUTIES.values())
    assert set(EXPLANATION_CHECKS) | set(RULEBOOK_CHECKS) <= set(CLAUSES)
    assert {name for name, _, _ in SPOILED} | {PHRASES} == set(EXPLANATION_CHECKS)
    assert {name for name, *_ in UNWRITTEN} == set(RULEBOOK_CHECKS)
    assert {lack for _, lack, _ in SPOILED} == set(Lack)


def test_a_person_without_a_score_is_told_by_the_requirement(whole: Explanation) -> None:
    """Without a score, the requirement stands for reasons and account, and lines are missing where asked for."""
    required = Requirement(
        name="enough",
        title="enough",
        words="We know of no payment.",
        because=None,
        condition=None,
        measures=(),
        inputs=(),
    )
    unscored = {"outcome": "insufficient data", "score": None, "requirement": required, "lines": (), "band": None}
    found = duties_checked(whole.model_copy(update={**unscored, "principal_reasons": ()}), DutyName)
    for name in ("gdpr-15/G2-use", "gdpr-15/G4", "gdpr-15/G6", "reg-b/R1", "reg-b/R4-complete", "reg-b/R5", "reg-b/R7"):
        assert clause_of(found, name).at == ("/requirement/words",)
    for name in ("dsa-27/D1", "dsa-27/D3-criteria", "dsa-27/D3-reasons"):
        assert [each.lack for each in clause_of(found, name).missing] == [Lack.LINES]


def test_a_result_by_needs_alone_is_told_by_the_needs(whole: Explanation) -> None:
    """Where bands are reached by needs and no rule gives points, the needs stand for reasons and want words."""
    condition = whole.lines[2].condition
    assert condition is not None
    need = Need(words="No payment was missed.", met=False, condition=condition, measures=(), inputs=())
    level = Level(name="offered", title="A loan is offered", reached=False, missing=1, of=1, needs=(need,))
    place = BandPlace(name=None, title=None, start=None, above=None, below=None, levels=(level,))
    by_needs = with_parts(lines=(), principal_reasons=(), band=place)(whole)
    assert clause_of(duties_checked(by_needs, DutyName), "reg-b/R1").at == ("/band/levels/0/needs",)
    silent_need = replace(level, needs=(replace(need, words=""),))
    unsaid = with_parts(band=replace(place, levels=(silent_need,)))(by_needs)
    missing = clause_of(duties_checked(unsaid, DutyName), "reg-b/R1").missing
    assert [(each.lack, each.name) for each in missing] == [(Lack.REQUIREMENT_WORDS, "offered")]


def test_bands_by_needs_say_what_they_need() -> None:
    """A need without words is told at its band."""
    bands = LOAN[LOAN.index("\nbands") :]
    by_needs = """
bands
    refused "None"
        needs payments >= 2 "Two payments."
    offered "One"
        needs payments >= 4 " "
"""
    found = lint(LOAN.replace(bands, by_needs), DutyName.REG_B)
    assert [(each.name, each.source.text[each.primary.span.start : each.primary.span.end]) for each in found] == [
        ("duty-missing", "offered")
    ]


def test_lines_that_are_level_may_be_left_out_where_four_are_told(whole: Explanation) -> None:
    """Of two lines that held back as much, the untold one is missed among fewer than four reasons, not among four."""
    reasons = [each for each in whole.principal_reasons if each.direction == "down"]
    assert [(each.rule, each.points) for each in reasons] == [
        ("paying", "10.0"),
        ("residence", "10.0"),
        ("defaulting", "5.0"),
    ]
    level = with_parts(principal_reasons=(reasons[0],))(whole)
    missed = clause_of(duties_checked(level, [DutyName.REG_B]), "reg-b/R4-complete")
    assert [(each.lack, each.name) for each in missed.missing] == [(Lack.LEFT_OUT, "residence")]
    four = tuple(reasons[0] for _ in range(4))
    full = clause_of(duties_checked(with_parts(principal_reasons=four)(whole), [DutyName.REG_B]), "reg-b/R4-complete")
    assert full.standing == "met"


# ---- the rulebook -------------------------------------------------------------------------------------------------

UNWRITTEN: tuple[tuple[str, Lack, str, str, str], ...] = (
    ("gdpr-15/G1", Lack.PURPOSE, '    purpose  "Decide who is offered a loan."\n', "", '"Loan"'),
    ("gdpr-15/G4", Lack.WORDS, '    because "Who stays can be found."\n', "", "residence"),
    ("gdpr-15/G6", Lack.BANDS, LOAN[LOAN.index("\nbands") :], "", '"Loan"'),
    ("gdpr-15/G7", Lack.SOURCE, LOAN[LOAN.index("    source") : LOAN.index("\nrecords")], "", '"Loan"'),
    ("gdpr-15/G8-challenge", Lack.CONTACT, '    contact  "loans@bank.example"\n', "", '"Loan"'),
    ("dsa-27/D2", Lack.MEASURES, '    measures "How surely a loan is paid back."\n', "", '"Loan"'),
    (
        "dsa-27/D3-criteria",
        Lack.MOST,
        "points -5 * defaults\n    at least -20\n    at most 0",
        "points defaults",
        "defaulting",
    ),
    ("dsa-27/D3-reasons", Lack.BECAUSE, '    because "Who stays can be found."\n', "", "residence"),
    ("reg-b/R1", Lack.OWN_TITLE, 'residence "Length of residence"', 'residence "Loan"', "residence"),
    ("reg-b/R4-scored", Lack.OTHERWISE, '    otherwise 0 "You have missed none."\n', "", "defaulting"),
    (
        "reg-b/R4-complete",
        Lack.MOST,
        "points -5 * defaults\n    at least -20\n    at most 0\n    baseline 0",
        "points defaults",
        "defaulting",
    ),
    ("reg-b/R5", Lack.BASELINE, "    baseline 10\n", "", "residence"),
    ("reg-b/R7", Lack.REQUIREMENT_WORDS, '"We know of no payment of yours."', '" "', "enough"),
    ("reg-b/R8-who", Lack.OWNER, '    owner    "A bank, 1 High Street"\n', '    owner    " "\n', '"Loan"'),
)


@pytest.mark.parametrize(
    ("name", "lack", "old", "new", "underlined"), UNWRITTEN, ids=[f"{name}: {lack}" for name, lack, *_ in UNWRITTEN]
)
def test_what_the_rulebook_must_add_is_told_with_its_place(
    name: str, lack: Lack, old: str, new: str, underlined: str
) -> None:
    """Without the line, the rulebook's own name of what lacks it is underlined, the clause named, and the line told."""
    assert LOAN.count(old) == 1
    found = lint(LOAN.replace(old, new), DutyName(name.partition("/")[0]))
    told = [each for each in found if any(note.startswith(f"{name}, ") for note in each.notes)]
    assert [each.name for each in told] == ["duty-missing"]
    span = told[0].primary.span
    assert told[0].source.text[span.start : span.end] == underlined
    rule = None if underlined.startswith('"') else underlined
    assert (told[0].message, told[0].help) == missing_words(lack, rule)


def test_one_missing_thing_is_told_once() -> None:
    """A reason that three look for, the checker among them, is one diagnostic that names both duties."""
    found = lint(LOAN.replace('    because "Who stays can be found."\n', ""), DutyName.GDPR_15, DutyName.DSA_27)
    assert [each.name for each in found] == ["duty-missing"]
    assert [note.partition(",")[0] for note in found[0].notes] == ["gdpr-15/G4", "dsa-27/D3-reasons"]


PLACES = (
    ('because "Who stays can be found."', 'because "By our internal  policy."', "internal  policy"),
    ('otherwise 0 "You have missed none."', 'otherwise 0 "Your score is too low."', "score is too low"),
    ('"We know of no payment of yours."', '"You failed to reach the score."', "failed to reach the score"),
    ('refused "No loan is offered"', 'refused "Mindestpunktzahl nicht erreicht"', "Mindestpunktzahl nicht erreicht"),
    ('"Length of residence"', '"Internal standards or policies"', "Internal standards or policies"),
    ('0 "You have lived here for less than two years."', '0 "Too few points"', "Too few points"),
)


@pytest.mark.parametrize(("old", "new", "phrase"), PLACES, ids=[phrase for _, _, phrase in PLACES])
def test_a_phrase_that_is_no_reason_is_underlined(old: str, new: str, phrase: str) -> None:
    """In a reason, an otherwise, a requirement, a band, a title and a row: just the phrase is underlined."""
    assert LOAN.count(old) == 1
    found = [each for each in lint(LOAN.replace(old, new), DutyName.REG_B) if each.name == "duty-forbidden"]
    assert [each.source.text[each.primary.span.start : each.primary.span.end] for each in found] == [phrase]
    assert lint(LOAN.replace(old, new), DutyName.GDPR_15, DutyName.DSA_27) == ()


def test_a_phrase_is_found_in_the_explanation_where_the_author_said_it(whole: Explanation) -> None:
    """The place is that of the text; what a record says is nobody's reason."""
    said = with_line(1, why="By our internal policy.")(whole)
    stranger = replace(said.records[0], record={"id": "internal policy"})
    found = duties_checked(with_parts(records=(stranger,))(said), [DutyName.REG_B])
    clause = clause_of(found, "reg-b/R2")
    assert clause.standing == "forbidden"
    assert [(each.at, each.phrase) for each in clause.forbidden] == [("/lines/1/why", "internal policy")]
    assert not found.complies
    assert clause_of(duties_checked(whole, [DutyName.REG_B]), "reg-b/R2").standing == "met"


NO_REASONS = (
    "internal standards or policies",
    "based on INTERNAL\n   Standards",
    "our bank's policy",
    "failed to achieve a qualifying score",
    "Fa\u200biled to achieve a quali\u00adfying SCORE",
    "You didn’t reach the required score.",
    "you failed to reach the score",
    "insufficient points",
    "The credit score was below the cut-off",
    "Entspricht nicht den internen Richtlinien.",
    "hausinterne Vorgaben",
    "die erforderliche Punktzahl wurde nicht erreicht",
    "DIE NÖTIGE PUNKTZAHL VERFEHLT",
    "Ihr Score ist leider zu niedrig",
    "zu wenig Punkte",
)
REASONS = (
    "Length of residence",
    "You do not get points for your own posts.",
    "Harm to others counts against influence.",
    "Fewer than 3 posts in 90 days say too little.",
    "A medical internist, and an international standard",
    "Missed payments in the last year",
    "Wer etwas nicht erreicht, wird nicht bewertet.",
    "",
)


@pytest.mark.parametrize("text", NO_REASONS)
def test_a_phrase_that_is_no_reason_is_found(text: str) -> None:
    """Whatever the case, the spacing, the accents and what is hidden in it, in English and in German."""
    found = forbidden(text)
    assert len(found) == 1
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize("text", REASONS)
def test_other_words_are_left_alone(text: str) -> None:
    """What says what was looked at is no such phrase."""
    assert forbidden(text) == ()


# ---- in words -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spoiled(whole: Explanation) -> DutiesChecked:
    """Give a checklist in which each standing occurs, with hostile text in it."""
    document = with_book(name="<b>x\x1b</b>", source=None)(with_line(1, why="<i>too few points\u202e</i>")(whole))
    return duties_checked(document, DutyName)


def test_every_form_begins_with_what_it_is(spoiled: DutiesChecked) -> None:
    """Text, Markdown, the page and JSON say first that this is no legal advice, and hold no text as a command."""
    assert duty_text(spoiled).startswith(f"{NOTE}\n")
    assert duty_markdown(spoiled).splitlines()[0] == f"# {NOTE}"
    assert f"<title>{NOTE}</title>" in duty_html(spoiled)
    assert printable_json(spoiled).splitlines()[1] == f'  "note": "{NOTE}",'
    for written in (duty_text(spoiled), duty_markdown(spoiled), duty_html(spoiled), printable_json(spoiled)):
        assert "\x1b" not in written
        assert "\u202e" not in written
    assert "<b>" not in duty_html(spoiled)
    assert DutiesChecked.model_validate_json(printable_json(spoiled)) == spoiled


def test_the_text_names_each_clause_once_with_its_standing(spoiled: DutiesChecked) -> None:
    """Every clause of the duties is told, under the heading of how it stands, with where or what to do."""
    words = " ".join(duty_text(spoiled).split())
    for clause in CLAUSES.values():
        assert words.count(f"{clause.name} ({clause.clause}): ") == 1
    assert 'add `source "…"` under `rulebook`' in words
    assert '"too few points" at /lines/1/why: say what was looked at instead.' in words
    assert "10 met, 1 missing, 0 forbidden, 6 for you to do, of 17." in words


RUNS = ("community", "maintainers", "trust", "mean", "forms")


@pytest.mark.parametrize("name", RUNS)
def test_every_place_is_in_the_explanation(run_of_seed: Callable[[str, int], ReferenceRun], name: str) -> None:
    """Whoever is explained, every clause stands somehow, and what meets one is there; nobody is told five reasons."""
    run = run_of_seed(name, 1)
    people = list(run.subjects())
    assert people
    for subject in people:
        document = explain(run, subject, evidence=True)
        tree = json.loads(printable_json(document))
        found = duties_checked(document, DutyName)
        assert [each.met + each.missing + each.forbidden + each.for_you for each in found.duties] == [17, 8, 11]
        for clause in (clause for duty in found.duties for clause in duty.clauses):
            for pointer in (*clause.at, *(each.at for each in clause.forbidden)):
                resolved(tree, pointer)
        assert clause_of(found, "reg-b/R3").standing == "met"


def test_what_a_person_is_to_do_is_a_clause_of_its_own() -> None:
    """A clause for a person says what to do, and is in no table of looks."""
    for_you: list[Clause] = [each for each in CLAUSES.values() if each.for_you is not None]
    assert len(for_you) == 13
    assert not {each.name for each in for_you} & (set(EXPLANATION_CHECKS) | set(RULEBOOK_CHECKS))
