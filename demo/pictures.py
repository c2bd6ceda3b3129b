"""What the demo's products look like, drawn in code."""

from io import BytesIO

from PIL import Image, ImageDraw

_SIDE = 640
_PAPER, _CREAM, _WARM, _DARK, _BLUE = "#f2e3cf", "#fffaf2", "#c2412d", "#4a2c1d", "#2f5d8a"


def coffee() -> bytes:
    """A cup of coffee from above, as a PNG."""
    picture, draw = _blank()
    draw.rounded_rectangle((430, 290, 590, 350), 30, fill=_WARM)
    for radius, colour in ((230, _CREAM), (180, _WARM), (150, _DARK)):
        draw.circle((320, 320), radius, fill=colour)
    draw.arc((220, 220, 420, 420), 200, 290, fill=_CREAM, width=14)
    return _file(picture)


def barber() -> bytes:
    """A barber's pole, as a PNG."""
    picture, draw = _blank()
    draw.rectangle((240, 140, 400, 500), fill=_CREAM)
    for number, top in enumerate(range(60, 580, 80)):
        colour = (_WARM, _BLUE)[number % 2]
        draw.polygon([(240, top + 80), (400, top), (400, top + 40), (240, top + 120)], fill=colour)
    draw.rectangle((240, 0, 400, 140), fill=_PAPER)
    draw.rectangle((240, 500, 400, _SIDE), fill=_PAPER)
    for top in (110, 490):
        draw.rounded_rectangle((210, top, 430, top + 44), 22, fill=_DARK)
    return _file(picture)


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (_SIDE, _SIDE), _PAPER)
    return picture, ImageDraw.Draw(picture)


def _file(picture: Image.Image) -> bytes:
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
