"""What is in a media file, asked of a decoder in a cage (`cage.opening`)."""

from __future__ import annotations

from pathlib import Path

from knowhub_ext.backends.cage.limits import LONGEST_S
from knowhub_ext.backends.cage.opening import FORMATS as FORMATS
from knowhub_ext.backends.cage.outside import Task, ask
from knowhub_ext.domain.media import MediaInfo
from knowhub_ext.errors import CageBroke


def probe(path: Path, *, name: str) -> MediaInfo:
    """Open the file at `path`, which was named `name`, far enough to say what is in it and how long it is.

    A video without a sound track is media (`has_audio` is false): it has no speech, which is a result. Cover pictures
    do not make an audio file a video.

    Raises:
        UnreadableFile: it is empty, not media, of a refused format, damaged, too long, or without sound and pictures.
        CageBroke: the decoder crashed.
    """
    info = ask(Task(task="probe", path=Path(path), name=name), MediaInfo)
    if not 0 <= info.duration_ms <= LONGEST_S * 1000 or len(info.container) > 200:
        raise CageBroke(f"The cage gave no sensible answer about '{name}'.")
    return info
