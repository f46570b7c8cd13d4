"""Cells that hold what nobody should take as it is."""

from typing import Final

from plugins.membership.tests.sheet.hostile.files import (
    BOOK,
    READ,
    WHO,
    Case,
    Raw,
    cell,
    number_cell,
    parts,
    shared,
)
from plugins.membership.tests.sheet.hostile.sentences import END, MALFORMED

_STYLES = "xl/styles.xml"


def _string(index: str, *strings: str) -> bytes:
    return cell("C", Raw('t="s"', f"<v>{index}</v>"), more=shared(*strings))


def _day(value: str, *, epoch: str = "", kind: str = "") -> bytes:
    """A cell that is formatted as a day; its own format is put before all others."""
    styles = parts()[_STYLES].decode()
    at = styles.index("<cellXfs")
    end = styles.index("</cellXfs>")
    count = styles.count("<xf ", at, end)
    more = {_STYLES: (styles[:end] + '<xf numFmtId="14" applyNumberFormat="1"/>' + styles[end:]).encode()}
    if epoch:
        book = parts()[BOOK].decode()
        more[BOOK] = book.replace("<workbookPr", f'<workbookPr date1904="{epoch}"', 1).encode()
    return cell("F", Raw(f's="{count}"{kind}', f"<v>{value}</v>"), more=more)


def _rich(xml: str) -> bytes:
    return cell("C", Raw('t="inlineStr"', f"<is>{xml}</is>"))


def _name(text: str) -> bytes:
    return cell("C", text)


def _told(letter: str, sentence: str) -> dict[str, str]:
    return {f"{letter}8": f"Row 8, column {letter}: {sentence}"}


def _unseen(kind: str, sign: str, letter: str = "C") -> dict[str, str]:
    sentences = {
        "control": "the cell holds the control character {sign}. Type it again.",
        "invisible": "the cell holds the invisible character {sign}. Type it again.",
        "script": "the cell holds {sign}, which only looks like the right letter. Type it again.",
        "mark": "the cell holds a mark without its letter, {sign}. Type it again.",
    }
    return _told(letter, sentences[kind].format(sign=sign))


_APART = "Sheet “DANH SÁCH ĐẢNG VIÊN”: the cell C8 reads differently each time. Save the workbook again in Excel."
_FORMULA = "the cell is a formula. Copy it and paste its value."
_LOST = "the cell is a number of {count} digits: zeros in front are lost. See the card."
_NO_DAY = "the cell is a number, not a date. Write day/month/year."
_KIND = "the cell holds a date, a time or TRUE, FALSE. Text belongs here."
_FONTS = "this was typed for the fonts of TCVN3 or VNI; here it is “{text}”."

CASES: Final = (
    Case("a formula with its value", lambda: cell("I", Raw('t="str"', "<f>A1</f><v>990168001217</v>")), _told("I", _FORMULA)),
    Case("a formula that was never calculated", lambda: cell("I", Raw("", "<f>A1</f>")), _told("I", _FORMULA)),
    Case("a formula that starts a program", lambda: cell("W", Raw('t="str"', "<f>cmd|' /c calc'!A0</f><v>x</v>")),
         _told("W", _FORMULA)),
    Case("a formula that fetches", lambda: cell("W", Raw('t="str"', '<f>WEBSERVICE("http://127.0.0.1:9/")</f><v>x</v>')),
         _told("W", _FORMULA)),
    Case("a formula that links", lambda: cell("W", Raw('t="str"', '<f>HYPERLINK("http://127.0.0.1:9/","x")</f><v>x</v>')),
         _told("W", _FORMULA)),
    Case("a formula shared by cells", lambda: cell("W", Raw("", '<f t="shared" si="0"/><v>1</v>')), _told("W", _FORMULA)),
    Case("a formula of a table of data", lambda: cell("W", Raw("", '<f t="dataTable" ref="W8:W9" r1="A1"/><v>1</v>')),
         _told("W", _FORMULA)),
    Case("an error for a value", lambda: cell("F", Raw('t="e"', "<v>#REF!</v>")), _told("F", "the cell shows the error #REF!.")),
    Case("an error that is text", lambda: cell("F", "#N/A"), _told("F", "the cell shows the error #N/A.")),
    Case("an error that nobody knows", lambda: cell("F", Raw('t="e"', "<v>#ABC!</v>")),
         _told("F", "the cell shows the error #ABC!.")),
    Case("TRUE for a name", lambda: cell("C", Raw('t="b"', "<v>1</v>")), _told("C", _KIND)),
    Case("a truth that is seven", lambda: cell("C", Raw('t="b"', "<v>7</v>")), _told("C", _KIND)),
    Case("a truth that is a word", lambda: cell("C", Raw('t="b"', "<v>yes</v>")), END),
    Case("a number that is a word", lambda: cell("I", number_cell("abc")), END),
    Case("a number that is none", lambda: cell("I", number_cell("NaN")), END),
    Case("a number in digits of another script", lambda: cell("I", number_cell("९९०")), _told("I", _LOST.format(count=3))),
    Case("a kind of cell that nobody knows", lambda: cell("I", Raw('t="zz"', "<v>1</v>")),
         _told("I", "a personal number has 12 digits; this has 1. No safe guess: see the card.")),
    Case("a personal number that lost its zeros", lambda: cell("I", number_cell("1168001217")),
         _told("I", _LOST.format(count=10))),
    Case("a personal number that became 9.9E+11", lambda: cell("I", number_cell("9.9E+11")), READ),
    Case("a personal number with a fraction", lambda: cell("I", number_cell("1.5")),
         _told("I", "only digits stand here; “.” is none.")),
    Case("a personal number below zero", lambda: cell("I", number_cell("-990168001217")),
         _told("I", "only digits stand here; “-” is none.")),
    Case("a number of 400 digits", lambda: cell("I", number_cell("9" * 400)), END),
    Case("a number of 5,000 digits", lambda: cell("I", number_cell("9" * 5_000)), END),
    Case("a number without end", lambda: cell("I", number_cell("1E+400")), _told("I", "only digits stand here; “i” is none.")),
    Case("a number of 300 zeros", lambda: cell("I", number_cell("1E+300")), _told("I", _LOST.format(count=301))),
    Case("a personal number in letters like digits", lambda: cell("I", "99O168OO1217"),
         _told("I", "only digits stand here; “O” is none.")),
    Case("a personal number in digits of another script", lambda: cell("I", "९९०१६८००१२१७"),
         _told("I", "only digits stand here; “९” is none.")),
    Case("a personal number in wide digits", lambda: cell("I", "９９０１６８００１２１７"),
         _told("I", "only digits stand here; “９” is none.")),
    Case("a personal number with an apostrophe before", lambda: cell("I", "'990168001217"),
         _told("I", "only digits stand here; “'” is none.")),
    Case("a day before 1900", lambda: cell("F", "07/05/1868"), _told("F", "the year is 1868. The list begins with 1900.")),
    Case("a day after today", lambda: cell("F", "07/05/2068"), _told("F", "2068-05-07 lies after today.")),
    Case("a day that there is not", lambda: cell("F", "30/02/1968"), _told("F", "month 2 of 1968 has only 29 days.")),
    Case("a month that there is not", lambda: cell("F", "05/13/1968"), _told("F", "there is no month 13. Write day/month/year.")),
    Case("a day that is zero", lambda: cell("F", "00/00/0000"), _told("F", "“00/00/0000” is no date. Write day/month/year.")),
    Case("a year of two digits", lambda: cell("F", "07/05/68"), _told("F", "a year has four digits; here it is “07/05/68”.")),
    Case("a year of five hundred digits", lambda: cell("F", "07/05/" + "9" * 490),
         _told("F", f"a year has four digits; here it is “07/05/{'9' * 34}”.")),
    Case("a year alone", lambda: cell("F", "1968"), _told("F", "day, month and year are needed; here it is “1968”.")),
    Case("a day that lost its format", lambda: cell("F", number_cell("24965")), _told("F", _NO_DAY)),
    Case("a day as the system counts them", lambda: _day("24965"), READ),
    Case("a day as the system of 1904 counts them", lambda: _day("23503", epoch="1"), READ),
    Case("a day of the wrong epoch", lambda: _day("24965", epoch="1"), (f"{WHO}, 1972-05-08",)),
    Case("the day that 1900 did not have", lambda: _day("60"), (f"{WHO}, 1900-02-28",)),
    Case("a day below zero", lambda: _day("-5"), _told("F", "the year is 1899. The list begins with 1900.")),
    Case("a day in the year 9999999", lambda: _day("99999999999"), _told("F", "the cell shows the error #VALUE!.")),
    Case("a day with a time", lambda: _day("24965.5"), _told("F", "the cell holds a time. Write day/month/year alone.")),
    Case("a time alone", lambda: _day("0.5"), _told("F", "the cell holds a time. Write day/month/year alone.")),
    Case("a day as the standard of dates", lambda: _day("1968-05-07", kind=' t="d"'), READ),
    Case("a day of that kind that is none", lambda: _day("yesterday", kind=' t="d"'), END),
    Case("a style that there is not", lambda: cell("D", Raw('s="9999"', "<v>1</v>")), READ),
    Case("text in runs", lambda: _rich("<r><rPr><b/></rPr><t>Nguyễn Thị</t></r><r><t> Hường</t></r>"), READ),
    Case("text with its sound above it", lambda: _rich(f'<t>{WHO}</t><rPh sb="0" eb="1"><t>x</t></rPh><phoneticPr fontId="1"/>'),
         READ),
    Case("shared text", lambda: _string("0", f"<t>{WHO}</t>"), READ),
    Case("shared text in runs with its sound", lambda: _string("0", f'<r><t>{WHO}</t></r><rPh sb="0" eb="1"><t>x</t></rPh>'),
         READ),
    Case("shared text that there is not", lambda: _string("7", f"<t>{WHO}</t>"), END),
    Case("shared text minus one", lambda: _string("-1", "<t>x</t>", f"<t>{WHO}</t>"), _APART),
    Case("shared text of a fraction", lambda: _string("0.5", f"<t>{WHO}</t>"), _APART),
    Case("a name as a string of a formula", lambda: cell("C", Raw('t="str"', f"<v>{WHO}</v>")), READ),
    Case("a name with space around it", lambda: _name(f"  {WHO}\t "), READ),
    Case("a name taken apart", lambda: _name("Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031b\u0300ng"), READ),
    Case("a name with NUL, escaped", lambda: _name("Nguyễn_x0000_ Thị Hường"), _unseen("control", "U+0000")),
    Case("a name with a bell, escaped", lambda: _name("Nguyễn_x0007_ Thị Hường"), _unseen("control", "U+0007")),
    Case("half of a pair, escaped", lambda: _name("Nguyễn_xD800_ Thị Hường"), _unseen("invisible", "U+FFFF")),
    Case("a name with an escape", lambda: _name("Nguyễn\x85Thị Hường"), _unseen("control", "U+0085")),
    Case("a name with a zero-width space", lambda: _name("Nguyễn\u200b Thị Hường"), _unseen("invisible", "U+200B")),
    Case("a name written from the right", lambda: _name("\u202eNguyễn Thị Hường"), _unseen("invisible", "U+202E")),
    Case("a name in an isolated direction", lambda: _name("Nguyễn \u2067Thị\u2069 Hường"), _unseen("invisible", "U+2067")),
    Case("a name with a soft hyphen", lambda: _name("Nguyễn Thị Hườ\u00adng"), _unseen("invisible", "U+00AD")),
    Case("a name with a byte order mark", lambda: _name("\ufeffNguyễn Thị Hường"), _unseen("invisible", "U+FEFF")),
    Case("a name with a tag", lambda: _name("Nguyễn Thị Hường\U000e0041"), _unseen("invisible", "U+E0041")),
    Case("a name with a Cyrillic letter", lambda: _name("Nguyễn Thị Нường"), _unseen("script", "U+041D")),
    Case("a name with a mark alone", lambda: _name("\u0301Nguyễn Thị Hường"), _unseen("mark", "U+0301")),
    Case("a name with forty marks", lambda: _name("Nguyễn Thị Hường" + "\u0301" * 40), _unseen("mark", "U+0301")),
    Case("a name that is no character", lambda: _name("Nguyễn Thị Hường\ufffe"), MALFORMED),
    Case("a name of 501 letters", lambda: _name("x" * 501), _told("C", "the cell holds 501 characters; at most 500 are kept.")),
    Case("a name of 32,767 letters", lambda: _name("x" * 32_767),
         _told("C", "the cell holds 32767 characters; at most 500 are kept.")),
    Case("a name of 32,768 letters", lambda: _name("x" * 32_768),
         "Row 8, column C: the cell holds more than 32767 characters. Shorten it."),
    Case("a name for the fonts of TCVN3", lambda: _name("NguyÔn ThÞ H­êng"), _told("C", _FONTS.format(text="NguyÔn ThÞ H­êng"))),
    Case("a name for the fonts of VNI", lambda: _name("Nguyeãn Thò Höôøng"),
         _told("C", _FONTS.format(text="Nguyeãn Thò Höôøng"))),
    Case("a name whose letters were read as others", lambda: _name("Nguyá»…n Thá»‹ HÆ°á»\x9dng"), _unseen("control", "U+009D")),
    Case("a sex that is none", lambda: cell("E", "x"), _told("E", "the sex is Nam, Nữ; here it is “x”.")),
    Case("a people that is none", lambda: cell("G", "Sao Hỏa"),
         _told("G", "no ethnic group of the national list is called “Sao Hỏa”.")),
    Case("a unit that this box does not have", lambda: cell("N", "Chi bộ ở nơi khác"),
         _told("N", "this box has no party organisation “Chi bộ ở nơi khác”.")),
    Case("a unit that is a formula in text", lambda: cell("N", "=cmd|' /c calc'!A0"),
         _told("N", "this box has no party organisation “=cmd|' /c calc'!A0”.")),
    Case("an answer that is none", lambda: cell("AC", "1"), _told("AC", "the answer is Có, Không; here it is “1”.")),
    Case("a key that is none", lambda: cell("B", "x" * 36),
         _told("B", "an ID has 32 hexadecimal digits in five groups; this has not.")),
    Case("a party card of 11 digits", lambda: cell("J", "99016800121"),
         _told("J", "a party card number has 12 digits; this has 11.")),
    Case("joining before the birth", lambda: cell("X", "03/02/1960"),
         _told("X", "1960-02-03 lies before the birth, 1968-05-07.")),
)  # fmt: skip
