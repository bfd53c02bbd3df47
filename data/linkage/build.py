"""Puts hanzi.tsv together from Unihan's text files (a folder with Unihan_*.txt or .txt.bz2): python3 build.py FOLDER > hanzi.tsv"""

import bz2
import collections
import pathlib
import re
import sys
import unicodedata


def fields(folder, name):
    plain, packed = folder / f"{name}.txt", folder / f"{name}.txt.bz2"
    opened = plain.open(encoding="utf-8") if plain.exists() else bz2.open(packed, "rt", encoding="utf-8")
    for line in opened:
        if line.strip() and not line.startswith("#"):
            code, field, value = line.rstrip("\n").split("\t", 2)
            yield chr(int(code[2:], 16)), field, value


def syllable(reading):
    text = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("ê", "e")
    return re.sub("[^a-z]", "", "".join(c for c in text if not unicodedata.combining(c)))


def readings(of):
    found = [syllable(text) for text in of.get("kMandarin", "").split()[:1]]
    for field in ("kTGHZ2013", "kXHC1983"):
        for part in of.get(field, "").split():
            found += [syllable(text) for text in part.split(":")[-1].split(",")]
    return ",".join(list(dict.fromkeys(text for text in found if text))[:4])


def main():
    folder = pathlib.Path(sys.argv[1])
    known = collections.defaultdict(dict)
    for name in ("Unihan_Readings", "Unihan_DictionaryLikeData", "Unihan_IRGSources", "Unihan_Variants"):
        for character, field, value in fields(folder, name):
            known[character][field] = value
    print("character\tsimplified\treadings\tfour_corner\tcangjie\tstrokes")
    for character in sorted(known):
        of = known[character]
        sounds = readings(of)
        forms = [chr(int(code.split("<")[0][2:], 16)) for code in of.get("kSimplifiedVariant", "").split()]
        other = forms[0] if forms and character not in forms else ""
        corner = of.get("kFourCornerCode", "").split(" ")[0].split(".")[0]
        cells = (other, sounds, corner, of.get("kCangjie", "").split(" ")[0], of.get("kTotalStrokes", "").split(" ")[0])
        if sounds:
            print(character, *cells, sep="\t")


if __name__ == "__main__":
    main()
