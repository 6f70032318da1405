"""The text treatment that every other module builds on.

Belongs here: folding and invisible characters. Must not go here: what a word means in a name, street or company.
Concept: Unicode normal forms (UAX 15); two spellings that a person would read aloud alike become one. What is written
in other scripts than Latin is romanised, or a person known to one system as 李小龙 and to another as Li Xiaolong never
meets.
"""

import re
import unicodedata
from collections.abc import Callable

from anyascii import anyascii

# Letters that no normal form takes apart, though readers of other languages write them so.
LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t"}
)
APOSTROPHES = re.compile("['`´‘’‛ʹʻʼʽˈ′＇]")
# Accents of Latin, Greek and Cyrillic. Vowel signs of other scripts are letters in all but name, and are read as such.
ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
ASCII = re.compile("[ -~]*")
# Scripts that write a syllable with one sign and no space after it: Chinese characters and Korean syllables.
SYLLABLES = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0002ffff])")


def visible(text: str) -> str:
    """The text without what no reader sees: NUL, zero-width and bidirectional marks; every space is a plain one."""
    if ASCII.fullmatch(text):
        return text.strip()
    return "".join(map(_shown, text)).strip()


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"} else character


def settled(once: Callable[[str], str | None], text: str) -> str | None:
    """once applied until nothing changes: what makes every treatment idempotent, however odd the text."""
    result = once(text)
    for _ in range(8):
        if result is None or (again := once(result)) == result:
            return result
        result = again
    return result


def fold(text: str) -> str | None:
    """Lower case, no accents, no punctuation, single spaces; null when nothing is left.

    "  O’Brien-Müller " gives "obrien muller"; "Straße" gives "strasse"; "Иван" gives "ivan"; "李小龙" "li xiao long".
    """
    return settled(_folded, text)


def _folded(text: str) -> str | None:
    text = APOSTROPHES.sub("", text)
    if ASCII.fullmatch(text):
        plain = text.lower()
    else:
        spread = unicodedata.normalize("NFKD", visible(text).casefold())
        plain = _romanised(unicodedata.normalize("NFKC", ACCENTS.sub("", spread).translate(LETTERS)))
    return spaced("".join(c if _is_kept(c) else " " for c in plain))


def _romanised(text: str) -> str:
    if text.isascii():
        return text
    letters = "".join(c if c.isascii() or _is_kept(c) else " " for c in SYLLABLES.sub(r" \1 ", text))
    return APOSTROPHES.sub("", anyascii(letters)).lower()


def _is_kept(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def spaced(text: str) -> str | None:
    return " ".join(text.split()) or None
