"""A session's QR code on pages that would hide a picture without a ground of its own."""

from base64 import b64encode
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page

from loyalty.sessions.qr import qr_svg

pytestmark = pytest.mark.xdist_group("servers")
BLACK, WHITE = [0, 0, 0], [255, 255, 255]
PAGE = """<html style="background: {ground}; color-scheme: light dark">
<body style="background: {ground}; color: white; margin: 0">{picture}</body></html>"""
# The page as the eye sees it, one pixel in the middle of each module.
LOOK = """async ([picture, modules]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const step = image.width / modules;
  const middle = (n) => Math.floor((n + 0.5) * step);
  const row = (y) => [...Array(modules).keys()].map((x) =>
    [...pen.getImageData(middle(x), middle(y), 1, 1).data].slice(0, 3));
  return [...Array(modules).keys()].map(row);
}"""


def seen(page: Page, modules: int) -> list[list[list[int]]]:
    """The colour of each module."""
    taken = b64encode(page.locator("svg").screenshot()).decode()
    found: list[list[list[int]]] = page.evaluate(LOOK, [taken, modules])
    return found


def test_every_module_is_black_or_white_on_every_page(browser: Browser) -> None:
    text = qr_svg("https://lumo.example/c/AAAAAAAAAAAAAAAAAAAAAA")
    picture = text.partition("?>")[2]
    size = ET.fromstring(text).get("viewBox", "").split()[2]  # noqa: S314  our own text
    modules = round(float(size))
    grounds, colours, schemes = ("white", "black"), ("none", "active"), ("light", "dark")
    first = None
    for ground, forced, scheme in product(grounds, colours, schemes):
        context = browser.new_context(forced_colors=forced, color_scheme=scheme)  # type: ignore[arg-type]  # each is one of them
        page = context.new_page()
        page.set_content(PAGE.format(ground=ground, picture=picture))
        page.add_style_tag(content="svg { width: 410px; height: 410px; display: block }")
        found = seen(page, modules)
        context.close()
        assert {tuple(pixel) for row in found for pixel in row} == {tuple(BLACK), tuple(WHITE)}
        quiet = [*found[:4], *found[-4:], *(row[:4] for row in found), *(row[-4:] for row in found)]
        assert all(pixel == WHITE for row in quiet for pixel in row), (ground, forced, scheme)
        first = first or found
        assert found == first
