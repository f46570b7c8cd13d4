"""Makes the one font file of the pages: Be Vietnam Pro 600, cut down to what Vietnamese and English need.

Run once, and again when the font has a new release:

    npm install --ignore-scripts @fontsource/be-vietnam-pro@5.3.0
    python tests/tools/make_font.py node_modules/@fontsource/be-vietnam-pro core/src/chibox/web/static
"""

import argparse
import shutil
import tempfile
import unicodedata
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

BASES = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
LETTERS = {unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES} | {"đ"}
PUNCTUATION = "\u00a0–—‘’“”…•·×−‹›"
TEXT = {chr(code) for code in range(0x20, 0x7F)} | LETTERS | {letter.upper() for letter in LETTERS} | set(PUNCTUATION)
SCRIPTS = ("latin", "vietnamese", "latin-ext")
WEIGHT = 600
MADE = 3_786_912_000  # seconds since 1904, the beginning of 2024: no time of making stands in the file


def whole(package: Path) -> TTFont:
    """The font of the package with its scripts, which are shipped as a file each, joined again."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for script in SCRIPTS:
            font = TTFont(package / "files" / f"be-vietnam-pro-{script}-{WEIGHT}-normal.woff2")
            font.flavor = None
            files.append(str(Path(folder) / f"{script}.ttf"))
            font.save(files[-1])
        return Merger(options=MergeOptions(drop_tables=["GSUB"])).merge(files)


def make(package: Path, out: Path) -> Path:
    """Writes the font and its licence to `out`; raises when a letter of Vietnamese is missing from the package."""
    font = whole(package)
    missing = sorted(letter for letter in TEXT if ord(letter) not in font.getBestCmap())
    if missing:
        raise SystemExit(f"letters missing from the package: {missing}")
    options = Options(
        hinting=False, layout_features=["kern"], notdef_outline=True, name_IDs=[0, 1, 2, 13, 14], desubroutinize=True
    )
    cut = Subsetter(options=options)
    cut.populate(text="".join(TEXT))
    cut.subset(font)
    font.recalcTimestamp = False  # the same package makes the same file, byte by byte
    font["head"].modified = font["head"].created = MADE
    font.flavor = "woff2"
    target = out / f"be-vietnam-pro-{WEIGHT}.woff2"
    font.save(target)
    shutil.copyfile(package / "LICENSE", out / "be-vietnam-pro.OFL.txt")
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("package", type=Path, help="folder of the npm package @fontsource/be-vietnam-pro")
    parser.add_argument("out", type=Path, help="folder of the web package's static files")
    arguments = parser.parse_args()
    make(arguments.package, arguments.out)
