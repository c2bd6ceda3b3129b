"""A QR code's picture stands on its own: it is read on any page."""

from xml.etree import ElementTree as ET

from loyalty.sessions.qr import qr_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_it_has_a_white_ground_up_to_its_edges() -> None:
    root = ET.fromstring(qr_svg("https://lumo.example/c/x"))  # noqa: S314  our own text
    ground, path = list(root)
    assert (ground.tag, path.tag) == (f"{SVG}rect", f"{SVG}path")
    assert ground.attrib == {
        "fill": "white",
        "x": "0",
        "y": "0",
        "width": "100%",
        "height": "100%",
    }
    assert (path.get("fill"), path.get("fill-opacity")) == ("#000000", "1")


def test_nothing_of_it_can_be_refused_by_a_page() -> None:
    text = qr_svg("https://lumo.example/c/x?a=1&b=<i>")
    assert "<script" not in text
    assert "style=" not in text
    assert "<style" not in text
