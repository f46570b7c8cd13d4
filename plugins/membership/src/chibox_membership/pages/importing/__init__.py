"""The pages of an import: a file is chosen, looked at, mended, recorded; and of a comparison, which records nothing."""

from typing import Any, Final

from chibox_membership.pages.importing import choosing, comparing, mending, preview, rest

HANDLERS: Final[tuple[Any, ...]] = (
    *choosing.HANDLERS, *preview.HANDLERS, *mending.HANDLERS, *rest.HANDLERS, *comparing.HANDLERS,
)  # fmt: skip
