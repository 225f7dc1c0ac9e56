"""What the editor sets: the section ``arlint`` of its settings, strictly decoded and answered with the nearest name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from arlint.lsp.lane import Overrides
from arlint.rules import PROFILES, nearest

Names = tuple[str, ...]


class Preferences(msgspec.Struct, frozen=True, rename="camel"):
    """``run`` says when to check, ``debounce`` how many milliseconds to wait for the next key; the others are as in arlint.toml."""

    lang: Literal["ar", "en"] | None = None
    config: str | None = None
    isolated: bool = False
    profile: str | None = None
    select: Names = ()
    ignore: Names = ()
    extend_select: Names = ()
    preview: bool = False
    run: Literal["onType", "onSave"] = "onType"
    debounce: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 200
    fix_on_save: bool = False

    @property
    def overrides(self) -> Overrides:
        return Overrides(self.config, self.isolated, self.select, self.ignore, self.extend_select, self.profile, self.preview)


def read(data: Any) -> Preferences:
    """The preferences in ``data``, with or without the section's name around them. Raises ValueError with what to write instead."""
    data = data.get("arlint", data) if isinstance(data, dict) else data
    if data is None:
        return Preferences()
    if not isinstance(data, dict):
        raise ValueError('the settings of arlint are an object, such as {"lang": "ar"}')
    known = [field.encode_name for field in msgspec.structs.fields(Preferences)]
    for name in data:
        if name not in known:
            raise ValueError(f"no setting 'arlint.{name}'{nearest(name, known)}; there are {', '.join(known)}")
    given = {name: value for name, value in data.items() if value is not None}
    if (profile := given.get("profile")) is not None and profile not in PROFILES:
        raise ValueError(f"'arlint.profile' is one of {', '.join(PROFILES)}, not '{profile}'{nearest(str(profile), PROFILES)}")
    try:
        return msgspec.convert(given, Preferences)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        raise ValueError(f"'arlint.{where.rstrip('`')}': {message}") from None
