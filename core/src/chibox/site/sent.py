"""The file that a form brought: in the form itself, or sent before by pieces."""

from typing import Any, Final

from anyio import to_thread
from litestar import Request
from litestar.datastructures import UploadFile

from chibox.drafts.draft import File
from chibox.drafts.uploads import Uploads, bare_name
from chibox.errors import Invalid, NotFound, Refused, Words, words

UPLOAD: Final = "_upload"  # behind the name of a field: the hidden one that holds the id of what was sent by pieces
_GONE: Final = words("The file is no longer kept here; choose it again.")


async def sent_file(request: Request[Any, Any, Any], uploads: Uploads, name: str) -> File | None:
    """What the file field `name` sent; None when nothing was chosen. Raises Invalid when it is not whole or not there."""
    form = await request.form()
    for chosen in form.getall(name, []):
        if isinstance(chosen, UploadFile) and chosen.filename:
            await chosen.seek(0)
            return File(bare_name(chosen.filename), await chosen.read())
    ids = [str(value) for value in form.getall(name + UPLOAD, []) if str(value)]
    if not ids:
        return None
    try:
        return await to_thread.run_sync(uploads.sent, ids[-1])
    except NotFound:
        raise _wrong(name, _GONE) from None
    except Refused as refusal:
        raise _wrong(name, refusal.words) from None


def _wrong(name: str, why: Words) -> Invalid:
    return Invalid("What was sent cannot be taken yet", fields={name: why})
