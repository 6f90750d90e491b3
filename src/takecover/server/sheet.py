"""The sheet of links for a season or a night: one row a shelter, with a code to scan; to be printed and handed out."""

from __future__ import annotations

from collections.abc import Sequence

import segno
from markupsafe import Markup

from takecover.model.city import City
from takecover.server.pages import good_from, good_until, own_style, render
from takecover.settings import Secret
from takecover.workflow.live.links import Link, Term


def sheet(city: City, links: Sequence[Link], address: str, key: Secret, term: Term, *, is_file: bool) -> str:
    """The sheet as HTML.

    Parameters
    ----------
    city
        The city.
    links
        A warden's link for each shelter.
    address
        Where phones reach the server, without a slash at its end.
    key
        Signs the links.
    term
        How long the links are good.
    is_file
        True for a page that needs nothing else; False for one that this server gives out, whose policy lets no style
        stand in the page itself.
    """
    names = dict(zip(map(str, city.shelters.shelter_ids), map(str, city.shelters.names), strict=True))
    rows = []
    for link in links:
        url = f"{address}/w/{link.token(key)}"
        code = segno.make(url, error="m", micro=False)
        drawn = Markup(code.svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None))
        rows.append(
            {
                "name": names.get(link.shelter_id) or link.shelter_id,
                "shelter_id": link.shelter_id,
                "url": url,
                "code": drawn,
            }
        )
    return render(
        "sheet.html",
        title=city.title,
        title_uk=city.title_uk,
        rows=rows,
        begins=good_from(term),
        until=good_until(term),
        style=Markup(own_style("sheet.css")) if is_file else "",
    )
