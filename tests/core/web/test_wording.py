"""The check of a package's words finds each kind of fault, and core's own words have none."""

from importlib.resources import files
from pathlib import Path

import pytest

from chibox.testing.msgids import used
from chibox.testing.wording import check_catalogue, faults_of

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: vi\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
SAMPLE = Path(__file__).parent / "sample" / "chibox_sample"


def package(folder: Path, code: str = "", template: str = "", catalogue: str | None = None) -> Path:
    """A package with one module, one template and a catalogue."""
    (folder / "templates").mkdir()
    (folder / "code.py").write_text(code, "utf-8")
    (folder / "templates" / "page.html").write_text(template, "utf-8")
    if catalogue is not None:
        (folder / "locale").mkdir()
        (folder / "locale" / "vi.po").write_text(HEADER + catalogue, "utf-8")
    return folder


def test_core_and_the_sample_have_no_fault() -> None:
    """Every sentence of core and of the sample's templates has its Vietnamese, and it is well written."""
    assert check_catalogue(Path(str(files("chibox")))) == []
    assert [fault for fault in check_catalogue(SAMPLE) if not fault.startswith("pages.py")] == []


def test_sentences_are_found_in_code_and_templates(tmp_path: Path) -> None:
    """Words, errors of chibox, errors of the package itself, and both calls of a template are found with their plural."""
    code = (
        "class TooLate(Refused): ...\nclass Later(TooLate): ...\n"
        "raise Refused('a {x}', x=1)\nwords('b')\nerrors.Invalid('c', fields={'f': words('d')})\nLater('e')\n"
        "ngettext('f', 'g', 2)\nprint('not a sentence')\n"
    )
    found, faults = used(package(tmp_path, code, "{{ _('h') }}\n{{ ngettext('i', 'j', n, x=1) }}{{ _('k {x}', x=2) }}"))
    assert {(msgid.one, msgid.many) for msgid in found} == {
        *((letter, None) for letter in ("a {x}", "b", "c", "d", "e", "h", "k {x}")), ("f", "g"), ("i", "j"),
    }  # fmt: skip
    assert faults == []
    assert found[-1].where == "templates/page.html:2"


def test_a_sentence_that_is_put_together_is_a_fault(tmp_path: Path) -> None:
    """Nobody can translate an f-string, a sum or a format."""
    code = "words(f'a {x}')\nRefused('a' + b)\nwords('a {}'.format(b))\nwords(name)\n"
    assert [fault.split(":")[1] for fault in check_catalogue(package(tmp_path, code, catalogue=""))] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("", "vi.po lacks “Saved”"),
        ('msgid "Saved"\nmsgstr ""\n', "is not translated"),
        ('#, fuzzy\nmsgid "Saved"\nmsgstr "Đã lưu"\n', "is marked fuzzy"),
        ('msgid "Saved"\nmsgstr "Đã lưu {n}"\n', "other placeholders"),
        ('msgid "Saved"\nmsgstr "Đã lưu"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n', "“Gone”: nothing uses it any more"),
        ('msgid "Saved"\nmsgstr "Đã lưu"\n\n#~ msgid "Old"\n#~ msgstr "Cũ"\n', "“Old”: an obsolete entry"),
        ('msgid "Saved"\nmsgid_plural "Saved all"\nmsgstr[0] "Đã lưu"\n', "has a plural in one of code and vi.po only"),
    ],
)
def test_a_catalogue_that_does_not_fit_is_named(tmp_path: Path, entry: str, fault: str) -> None:
    """Missing, empty, fuzzy, stale and obsolete entries, other placeholders and a plural on one side are faults."""
    found = check_catalogue(package(tmp_path, "words('Saved')", catalogue=entry))
    assert len(found) == 1
    assert fault in found[0]


def test_a_package_that_speaks_needs_a_catalogue(tmp_path: Path) -> None:
    """Without vi.po each sentence is named; a package that says nothing needs none."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert check_catalogue(package(tmp_path / "one", "words('Saved')")) == ["code.py:1: no locale/vi.po has “Saved”"]
    assert check_catalogue(package(tmp_path / "two", "x = 1")) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Vui lòng ghi ngày sinh", "say what to do"),
        ("Đã lưu thành công", "say what was done"),
        ("Số không hợp lệ", "say the fact"),
        ("Bạn ghi lại", "đồng chí"),
        ("Hủy", "name what is given up"),
        ("Hệ thống đang bận", "hộp"),
        ("Xem UBKT", "the full words"),
        ("Đã lưu!", "an exclamation mark"),
        ("Ngày sinh : 1968", "a blank before a mark"),
        ('Tìm "Nam"', "a straight quote"),
        ("Kết thúc...", "three dots"),
        ("Uỷ ban", "wrong letter"),
        ("hoà bình", "wrong letter"),
        ("qúy", "wrong letter"),
        ("gìa", "wrong letter"),
        ("Đa\u0323\u0306ng", "is not NFC"),
        ("một " * 31, "a sentence of 31 syllables"),
    ],
)
def test_a_fault_of_wording_is_named(text: str, fault: str) -> None:
    """Each rule of wording that a machine can hold."""
    assert [found for found in faults_of(text) if fault in found]


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ của tôi", "Tiêu hủy theo quyết định", "Ủy ban, hòa bình, khỏe, thủy lợi, quý, quỹ, già, giữ gìn",
        "ngoặc kép, hoàn toàn, hoạt động, tọa độ, loét, tuyệt đối", "(không bắt buộc)", "Bưởi", "{n} trên {m} (85,7%)",
        "Một câu. " * 20,
    ],
)  # fmt: skip
def test_good_wording_has_no_fault(text: str) -> None:
    """Lawful words that look like forbidden ones are let pass."""
    assert faults_of(text) == []
