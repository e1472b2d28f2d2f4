"""The order of the Turkish alphabet, for lists that a reader looks through.

c ç … g ğ … ı i … o ö … s ş … u ü, digits before letters, other letters after z by their code.
PyICU would know every language's order, but needs ICU's C++ headers on the reader's machine to
install; Python's `locale.strxfrm` needs a Turkish locale there and changes global state.
"""

from __future__ import annotations

from index.analysis import turkish_lower

_ALPHABET = "0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET)}
_VARIANTS = str.maketrans("âîû", "aiu")
_AFTER_Z = len(_ALPHABET)


def turkish_key(text: str) -> tuple[tuple[int, ...], str]:
    """Return a sort key; spaces and signs come before letters, capitals do not matter.

    >>> sorted(["Zonguldak", "Çorum", "Iğdır", "İzmir", "Ceyhan", "Isparta"], key=turkish_key)
    ['Ceyhan', 'Çorum', 'Iğdır', 'Isparta', 'İzmir', 'Zonguldak']
    """
    letters = turkish_lower(text).translate(_VARIANTS)
    return tuple(_place(letter) for letter in letters), text


def _place(letter: str) -> int:
    if letter in _PLACES:
        return _PLACES[letter]
    return _AFTER_Z + ord(letter) if letter.isalnum() else -1
