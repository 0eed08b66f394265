"""The table of coverage: its numbers are links, and each leads to just as many techniques."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.pages.look import page, text

LOOKED_AT = 12  # cells, spread over the table: a search each


def test_a_number_leads_to_as_many_techniques(client: FlaskClient) -> None:
    cells = page(client, "/about").select(".heat-table td a")
    assert len(cells) > LOOKED_AT
    for cell in cells[:: len(cells) // LOOKED_AT]:
        assert f"共 {cell.get_text()} 条" in text(page(client, str(cell["href"])), ".total"), cell["href"]


def test_shades_are_told_in_words_and_figures(client: FlaskClient) -> None:
    tree = page(client, "/about")
    assert len(tree.select(".heat-legend .heat")) == 5
    shaded = tree.select(".heat-table td.heat:not(.heat-0)")
    assert shaded
    assert all(cell.get_text().strip().isdigit() for cell in shaded)
