"""A QR code as a picture."""

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage


def qr_svg(url: str) -> str:
    """An SVG document without style or script; error correction M, 4 modules of quiet zone.

    It has a white ground of its own, quiet zone included, on any page and under forced colours.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(url)
    drawn = BytesIO()
    code.make_image(image_factory=SvgPathFillImage).save(drawn)
    return drawn.getvalue().decode()
