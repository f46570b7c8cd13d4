"""What `receipt.txt` says: a pure function of the rest of the receipt, so that a verifier can rebuild it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby
from typing import Final

from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import SEALED, Envelope
from chibox.records.notes import fingerprint, to_base64

_VIETNAM: Final = timezone(timedelta(hours=7))
_LAST: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) * 1000

# A receipt lives longer than its wording: a changed letter means a new number here, and the old text stays beside it.
EDITION: Final = 1

_VIETNAMESE: Final = """\
BIÊN NHẬN {number_vi}

{lines_vi}
Mã việc: {act}
{kinds_vi}
Ghi lúc: {time_vi}
Nội dung kèm theo: {parts_vi}

Nhật ký: {origin}
Mốc đã ký: {size_vi} dòng
Mã gốc: {root}
Khóa của nhật ký:
{vkey}
Mã kiểm tra của khóa (SHA-256):
{print}

Mốc đã ký cho thấy: khi nhật ký có {size_vi} dòng thì việc này đã ở trong đó.
Sửa hoặc bỏ dòng này về sau thì nhật ký không còn khớp với mã gốc ở trên.
Trước khi tin, so mã kiểm tra của khóa với mã mà cấp ủy đã công bố.
Giữ nguyên tệp này. Kiểm tra bằng lệnh: chibox verify --receipt TỆP --key KHÓA
"""

_ENGLISH: Final = """\
RECEIPT {number_en}

{lines_en}
Act: {act}
{kinds_en}
Recorded: {time_en}
Content enclosed: {parts_en}

Log: {origin}
Signed checkpoint: {size_en} entries
Root: {root}
Key of the log:
{vkey}
Fingerprint of the key (SHA-256):
{print}

The signed checkpoint shows: when the log had {size_en} entries, this act was among them.
If an entry is changed or dropped later, the log no longer agrees with the root above.
Before you believe it, compare the fingerprint with the one that the committee has made public.
Keep this file as it is. Check it by: chibox verify --receipt FILE --key KEY

Wording {edition}
"""


def receipt_words(
    entries: Sequence[tuple[int, Envelope]], checkpoint: Checkpoint, vkey: str, given: Sequence[str] = ()
) -> str:
    """The text of a receipt, Vietnamese then English.

    `entries` are (position, envelope) of one act in the order of their positions, at least one; `given` the names of
    the parts enclosed (the others, withheld or erased, are named as not enclosed); `vkey` the key that signed `checkpoint`.
    """
    first, envelope = entries[0]
    last = entries[-1][0]
    generation = checkpoint.origin.rpartition("/log/")[2]
    suffix = "" if generation == "1" else f"/{generation}"
    parts = ", ".join(sorted(given))
    away = ", ".join(sorted({name for _, entry in entries for name in entry.parts} - set(given)))
    values = {
        "number_vi": f"{_dots(last)}{suffix}",
        "number_en": f"{last}{suffix}",
        "lines_vi": _lines(first, last, "Dòng nhật ký: số {0}", "Dòng nhật ký: từ số {0} đến số {1}") + " (đếm từ 0)",
        "lines_en": _lines(first, last, "Entry: {0}", "Entries: {0} to {1}") + " (counted from 0)",
        "act": envelope.act,
        "kinds_vi": _kinds(entries, "Loại: {0}", "Loại: {0} ({1} dòng)"),
        "kinds_en": _kinds(entries, "Kind: {0}", "Kind: {0} ({1} entries)"),
        "time_vi": _time(entries, "%H giờ %M phút %S giây, ngày %d/%m/%Y (giờ Việt Nam)", "{0} (chỉ ghi đến giờ)"),
        "time_en": _time(entries, "%Y-%m-%d %H:%M:%S (Viet Nam time, UTC+7)", "{0} (kept to the hour only)"),
        "parts_vi": (parts or "không có") + (away and f"; không kèm: {away}"),
        "parts_en": (parts or "none") + (away and f"; not enclosed: {away}"),
        "origin": checkpoint.origin,
        "size_vi": _dots(checkpoint.size),
        "size_en": str(checkpoint.size),
        "root": to_base64(checkpoint.root),
        "vkey": vkey,
        "print": _grouped(fingerprint(vkey)),
        "edition": str(EDITION),
    }
    return f"{_VIETNAMESE}\n\n{_ENGLISH}".format(**values)


def vkey_in(text: str, origin: str) -> str | None:
    """The key that a receipt's text names for `origin`: the receipt's own word, to be said as such. Or None."""
    found = {line for line in text.split("\n") if line.startswith(f"{origin}+")}
    return found.pop() if len(found) == 1 else None


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _lines(first: int, last: int, one: str, several: str) -> str:
    return (one if first == last else several).format(first, last)


def _kinds(entries: Sequence[tuple[int, Envelope]], one: str, several: str) -> str:
    kinds = [(kind, len(list(group))) for kind, group in groupby(sorted(entry.kind for _, entry in entries))]
    return "\n".join((one if count == 1 else several).format(kind, count) for kind, count in kinds)


def _time(entries: Sequence[tuple[int, Envelope]], form: str, sealed: str) -> str:
    envelope = entries[0][1]
    if envelope.time > _LAST:  # no calendar goes that far: the bare number is still the truth
        return f"{envelope.time} ms"
    text = datetime.fromtimestamp(envelope.time // 1000, _VIETNAM).strftime(form)
    return sealed.format(text) if envelope.kind == SEALED else text


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
