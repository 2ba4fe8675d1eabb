"""File names that every system takes, whatever text they are made from."""

import re
import unicodedata

MAX_BYTES = 150
"""Of a name without its ending: room below the 255 of file systems and the 260 characters of a Windows path."""
FORBIDDEN = re.compile(r'[<>:"/\\|?*\[\]]+')
"""What Windows forbids, and the brackets that Excel does."""
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories: controls, marks that turn the direction of writing, halves of characters, line ends."""


def visible(text: str) -> str:
    """`text` without what nobody sees: controls, and marks that would show it the wrong way round."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in INVISIBLE
    )


def safe_name(text: str) -> str:
    """`text` as one file name without ending: no path, nothing invisible, no reserved name, not too long, not empty."""
    name = FORBIDDEN.sub("_", re.sub(r"\s+", " ", visible(text))).strip(" .")
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    return name.encode()[:MAX_BYTES].decode("utf-8", "ignore").strip(" .") or "_"
