"""The settings of a box, in `chibox.toml` of its data folder: whatever is not there has its default."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from chibox.errors import Invalid


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an administrator may set. `plugins`: the names of those that are loaded ("all": every installed one)."""

    host: str = "127.0.0.1"
    port: int = 8600
    plugins: tuple[str, ...] | Literal["all"] = "all"
    access_months: Annotated[int, msgspec.Meta(ge=1)] = 36  # how long it is kept who read what
    https: bool = False  # people reach the box by https: cookies go nowhere else
    backup: str = ""  # the folder into which a backup is made each night
    backup_keep: int = 30  # of them so many are kept
    log: Literal["lines", "json"] = "lines"
    help_name: str = ""
    help_phone: str = ""

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """The allowed plugins, None for every one."""
        return None if self.plugins == "all" else tuple(self.plugins)


def load(folder: Path) -> Settings:
    """The settings of the box in `folder`. Raises Invalid with the line's fault."""
    path = folder / "chibox.toml"
    if not path.exists():
        return Settings()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Settings)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid("{path}: {error}", path=path, error=error) from None
