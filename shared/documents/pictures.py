"""Photographs for documents: carried in an SVG, since what Typst is handed in memory must be text."""

from base64 import b64encode


def photograph_svg(jpeg: bytes, width: int, height: int) -> bytes:
    """An SVG of `width` to `height` filled with the photograph, cropped evenly where its shape is another.

    The PDF made from it holds the bytes of the JPEG as they are: nothing is compressed a second time.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="xMidYMid slice" '
        f'href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/></svg>'
    ).encode()
