"""Takes the page about duties; checks that it says what the table of duties says."""

from __future__ import annotations

from docs import duties_page


def test_the_page_has_every_clause_as_the_table_has_it() -> None:
    """docs/duties.md has each clause of each duty, with its source and who looks, as the code has them."""
    page = duties_page.PAGE.read_text(encoding="utf-8")
    assert page == duties_page.made(page)
    assert all(f"`{clause.name}`" in page for duty in duties_page.DUTIES.values() for clause in duty.clauses)
