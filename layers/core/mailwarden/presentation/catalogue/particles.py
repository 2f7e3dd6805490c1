"""Korean particles: their form depends on the final sound of the word before them, which may come from outside.

A syllable of Hangul says by its code point whether it ends in a consonant, and in which one: the final's index is
(code point - U+AC00) mod 28, 0 for none and 8 for rieul (Unicode Standard, section 3.12, "Conjoining Jamo Behavior").
Digits, symbols and Latin letters are taken as Koreans read them; where that is not certain, both forms are shown, as
Korean software does: 을(를).
"""

import re

_FIRST_SYLLABLE, _LAST_SYLLABLE = "가", "힣"
_FINALS = 28
_RIEUL = 8
# How a word ends.
_VOWEL, _CONSONANT, _RIEUL_SOUND, _UNKNOWN = "vowel", "consonant", "rieul", "unknown"
# 영 일 이 삼 사 오 육 칠 팔 구. A number that ends in 0 is read with 영, 십, 백, 천 or 만: a consonant in each case.
_SOUNDS = {
    **dict.fromkeys("2459", _VOWEL),
    **dict.fromkeys("036", _CONSONANT),
    **dict.fromkeys("178", _RIEUL_SOUND),
    # 퍼센트.
    "%": _VOWEL,
}
# An abbreviation is spelled: 에이, 비, 씨 … 에프, 에이치, 엘, 엠, 엔, 알, 에스.
_ABBREVIATION = re.compile(r"(?:^|[^A-Za-z])[A-Z]{2,4}$")
_SPELLED = {"L": _RIEUL_SOUND, "R": _RIEUL_SOUND, "M": _CONSONANT, "N": _CONSONANT}
# The last letter of a word, where its sound does not depend on the letters before it. A word in "e" may end in a mute
# one; k, p, t and others end a syllable or begin another one.
_READ = {
    **dict.fromkeys("aiouywdfhjrsvxz", _VOWEL),
    **dict.fromkeys("mn", _CONSONANT),
    "l": _RIEUL_SOUND,
}
# The last part of a domain is read or spelled: 닷컴, 닷넷, 오알지, 케이알, 데브, 앱.
_DOMAIN = re.compile(r"[\w-]\.([A-Za-z]{2,6})$")
_LAST_PARTS = {
    **dict.fromkeys(("com", "net", "app", "shop", "in", "cn", "vn"), _CONSONANT),
    **dict.fromkeys(("org", "io", "dev", "co", "jp", "uk", "us", "de", "eu", "ai", "biz", "info"), _VOWEL),
    **dict.fromkeys(("kr", "fr", "email"), _RIEUL_SOUND),
}
# The sound of 잉, 앙.
_VELAR = "ng"
# In characters: a text from outside may be of any length, and its end decides.
_TAIL = 200
_IN_PARENTHESES = re.compile(r"\s*\([^()]*\)$")
_CLOSING = "\"'`*_\u2019\u201d」』] "


def with_particle(text: str, forms: str) -> str:
    """The text with the particle whose *forms* are given, the one after a consonant first: ``을/를``, ``으로/로``."""
    after_consonant, _, after_vowel = forms.partition("/")
    match _ending(text):
        case "consonant":
            return text + after_consonant
        case "vowel":
            return text + after_vowel
        case "rieul":
            # 으로 is the one particle that follows rieul as it follows a vowel: 서울로.
            return text + (after_vowel if after_consonant.startswith("으") else after_consonant)
        case _:
            return text + _both(after_consonant, after_vowel)


def _both(after_consonant: str, after_vowel: str) -> str:
    """Both forms in one, as they are written where the sound is not known: 을(를), 이(가), (으)로."""
    if after_consonant.endswith(after_vowel):
        return f"({after_consonant.removesuffix(after_vowel)}){after_vowel}"
    return f"{after_consonant}({after_vowel})"


def _ending(text: str) -> str:
    """How the text ends: what is in parentheses at its end is not read."""
    word = text[-_TAIL:].rstrip(_CLOSING)
    while (shorter := _IN_PARENTHESES.sub("", word).rstrip(_CLOSING)) != word:
        word = shorter
    if not word:
        return _UNKNOWN
    last = word[-1]
    if _FIRST_SYLLABLE <= last <= _LAST_SYLLABLE:
        final = (ord(last) - ord(_FIRST_SYLLABLE)) % _FINALS
        return _VOWEL if final == 0 else _RIEUL_SOUND if final == _RIEUL else _CONSONANT
    domain = _DOMAIN.search(word)
    if domain is not None and domain[1].lower() in _LAST_PARTS:
        return _LAST_PARTS[domain[1].lower()]
    if _ABBREVIATION.search(word):
        return _SPELLED.get(last, _VOWEL)
    if word.endswith(_VELAR):
        return _CONSONANT
    return _SOUNDS.get(last) or _READ.get(last.lower(), _UNKNOWN)
