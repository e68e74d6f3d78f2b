"""How long an open medium is: as its header says where that can be relied on, else by the clock of its packets, which
cost little and are not decoded. Runs inside the cage alone.

In these formats FFmpeg guesses the length from the bit rate of the first seconds, or reads it from a header that knows
nothing of what was joined behind it: sound that is there would seem to lie past the end.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from knowhub_ext.backends.vendors import vendor

#: A length beyond this is a damaged header, not a lecture.
LONGEST_MS = 7 * 24 * 3_600_000
#: A jump of the clock shorter than this is rounding, one longer than `LONGEST_GAP_S` is damage: neither is a pause.
SHORTEST_GAP_S = 0.08
LONGEST_GAP_S = 600.0

_GUESSED = frozenset(
    "aac ac3 amr dts eac3 flac flv loas m4v mp3 mpc mpc8 mpeg mpegts mpegvideo ogg tak truehd".split()
)
#: Counting stops after so many seconds of computing, or of waiting for a disk: half a day of sound, or 4 GB of video.
_BUSY_S, _WAIT_S = 10.0, 60.0
_ATTACHED_PIC = 0x400  # AV_DISPOSITION_ATTACHED_PIC of libavformat


def length_ms(container: Any) -> int:
    """Return the length of an open container in milliseconds, 0 where neither header nor packets tell a sensible one.

    Its packets may be used up by this.
    """
    told = _told_ms(container)
    if told and container.format.name not in _GUESSED:
        return told
    counted, whole = _counted_ms(container)
    return (counted or told) if whole else max(counted, told)


def is_cover(stream: Any) -> bool:
    """Say whether a stream of pictures is the one picture on a recording's sleeve."""
    return bool(int(stream.disposition) & _ATTACHED_PIC)


def _told_ms(container: Any) -> int:
    lengths = [container.duration / 1_000_000] if container.duration else []
    lengths += [
        float(stream.duration * stream.time_base)
        for stream in container.streams if stream.type in ("audio", "video") and stream.duration and stream.time_base
    ]
    sensible = [round(s * 1000) for s in lengths if math.isfinite(s) and 0 < s * 1000 <= LONGEST_MS]
    return sensible[0] if sensible else 0


@dataclass
class _Clock:
    """One track's clock: `given` seconds of it were seen, pauses with them, as `decoding` fills them with silence."""

    unit: float
    origin: float
    given: float = 0.0

    def see(self, packet: Any) -> None:
        if packet.dts is not None:
            late = packet.dts * self.unit - self.origin - self.given
            self.given += late if SHORTEST_GAP_S < late <= LONGEST_GAP_S else 0.0
        lasts = (packet.duration or 0) * self.unit
        self.given += lasts if 0 < lasts <= LONGEST_GAP_S else 0.0


def _counted_ms(container: Any) -> tuple[int, bool]:
    """Return the length of the longest track by its packets, and whether all of them were seen."""
    with vendor("av"):
        import av.error
    tracks = [*container.streams.audio[:1], *(s for s in container.streams.video if not is_cover(s))]
    origin = (container.start_time or 0) / 1_000_000
    clocks = {track.index: _Clock(float(track.time_base or 0), origin) for track in tracks}
    began, busy, whole = time.monotonic(), time.process_time(), True
    try:
        for number, packet in enumerate(container.demux(tracks)):
            clocks[packet.stream.index].see(packet)
            if number % 1000 == 0 and (time.process_time() - busy > _BUSY_S or time.monotonic() - began > _WAIT_S):
                whole = False
                break
    except av.error.FFmpegError:
        pass  # cut off or damaged: what can be read of it counts
    given = max((clock.given for clock in clocks.values()), default=0.0)
    return min(round(given * 1000), LONGEST_MS), whole
