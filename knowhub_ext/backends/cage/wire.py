"""What passes between a cage and us: frames of one letter, a length and as many bytes; nothing else crosses.

`J` is a JSON answer, `S` a stretch of sound, `E` the end, with an error where there was one.
"""

from __future__ import annotations

import struct

from knowhub_ext.errors import KnowHubError, UnreadableFile, UserError

HEAD = struct.Struct(">cI")
ANSWER, SOUND, END = b"J", b"S", b"E"
#: A sentence for people is shorter; what is longer is cut.
_LONGEST = 600


def frame(kind: bytes, payload: bytes) -> bytes:
    """Return one frame."""
    return HEAD.pack(kind, len(payload)) + payload


def error_form(error: KnowHubError) -> dict[str, str]:
    """Return an error of a file as it crosses."""
    return {"slug": error.slug, "message": error.message[:_LONGEST], "cure": error.cure[:_LONGEST]}


def error_of(form: dict[str, str]) -> UserError:
    """Return the error that a form names. A slug that no error of a user has becomes an `UnreadableFile`."""
    kind = {each.slug: each for each in _user_errors(UserError)}.get(form["slug"], UnreadableFile)
    return kind(sentence(form["message"]), cure=sentence(form["cure"]))


def sentence(text: str) -> str:
    """Return a stranger's words as one short line without control characters."""
    return "".join(c if c.isprintable() else " " for c in text[:_LONGEST])


def _user_errors(kind: type[UserError]) -> list[type[UserError]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _user_errors(each))]
