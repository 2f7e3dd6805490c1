"""Reads the text of a file that a person or another tool wrote."""

import codecs


class NotText(ValueError):
    """The content is no text; the message has the reason."""


def text_of(content: bytes) -> str:
    """The text: UTF-8, or UTF-16 with its mark, in which PowerShell writes the output of programs; raises NotText."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise NotText(f"it is no text in {name}: byte {error.start} is none") from None
