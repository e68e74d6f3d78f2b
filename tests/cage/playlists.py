"""Files that a trusting decoder follows elsewhere: to the network, or to another file. Made anew for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

#: Names that promise a medium; what they hold is a list.
_NAMES = ("lecture.mp4", "talk.mp3")


def corpus(folder: Path, *, port: int, canary: Path) -> list[Path]:
    """Write the whole corpus into `folder`; every file points at the listener on `port` or at the file `canary`."""
    made = []
    for number, (label, content) in enumerate(_contents(f"http://127.0.0.1:{port}", canary)):
        path = folder / f"{number:02d}-{label}-{_NAMES[number % 2]}"
        path.write_bytes(content)
        made.append(path)
    return made


def _contents(web: str, canary: Path) -> Iterator[tuple[str, bytes]]:
    targets = {
        "http": f"{web}/a.ts", "file": f"file://{canary}", "bare": str(canary), "tcp": web.replace("http", "tcp"),
        "subfile": f"subfile,,start,0,end,0,,:{canary}", "concat": f"concat:{canary}|{canary}",
        "cache": f"cache:{canary}", "async": f"async:file:{canary}", "hls": f"hls+{web}/a.m3u8",
        "credentials": web.replace("//", "//user:pass@") + "/b", "crypto": f"crypto:{canary}",
    }
    for label, target in targets.items():
        yield f"hls-{label}", _hls(target)
        yield f"concat-{label}", _concat(target)
    yield "hls-master", f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{web}/v.m3u8\n".encode()
    yield "hls-key", _hls(str(canary), f'#EXT-X-KEY:METHOD=AES-128,URI="{web}/key"\n')
    yield "hls-map", _hls(str(canary), f'#EXT-X-MAP:URI="{web}/init.mp4"\n')
    yield "hls-crlf", _hls(f"{web}/a.ts").replace(b"\n", b"\r\n")
    yield "hls-bom", b"\xef\xbb\xbf" + _hls(f"{web}/a.ts")
    yield "hls-after-blank", b"\n\n   " + _hls(f"{web}/a.ts")
    yield "hls-in-id3", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + _hls(f"{web}/a.ts")
    yield "hls-after-nul", b"\0\0\0\0" + _hls(f"{web}/a.ts")
    yield "hls-padded", _hls(f"{web}/a.ts") + bytes(200_000)
    yield "dash-http", _dash(f"{web}/")
    yield "dash-file", _dash(f"file://{canary.parent}/")
    yield "dash-entity", f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "{canary}">]><MPD>&x;</MPD>'.encode()
    yield "smooth", f'<SmoothStreamingMedia><StreamIndex Url="{web}/q"/></SmoothStreamingMedia>'.encode()
    yield "sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n"
    yield "asx", f'<asx version="3.0"><entry><ref href="{web}/a"/></entry></asx>'.encode()
    yield "pls", f"[playlist]\nFile1={web}/a.mp3\nNumberOfEntries=1\n".encode()
    yield "rtsp-text", f"RTSPtext\r\n{web.replace('http', 'rtsp')}/a\r\n".encode()
    yield "mov-rmra", _atom(b"moov", _atom(b"rmra", _atom(b"rmda", _atom(b"rdrf", bytes(4) + b"url " + web.encode()))))
    yield "mov-dref", _mov_reference(str(canary).encode())
    yield "mov-dref-url", _mov_reference(f"{web}/a.mov".encode())
    yield "svg", f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}/i.png"/></svg>'.encode()
    yield "ogg-then-list", b"OggS\0\x02" + bytes(40) + _hls(f"{web}/a.ts")
    yield "jacosub", f"#DIRECTIVE {web}\n".encode()
    yield "imf", f'<CompositionPlaylist><Id>{web}</Id></CompositionPlaylist>'.encode()
    yield "avisynth", f'DirectShowSource("{canary}")\n'.encode()
    yield "vapoursynth", f'import urllib.request as u; u.urlopen("{web}")\n'.encode()


def _hls(target: str, extra: str = "") -> bytes:
    head = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:0\n"
    return f"{head}{extra}#EXTINF:10.0,\n{target}\n#EXT-X-ENDLIST\n".encode()


def _concat(target: str) -> bytes:
    return f"ffconcat version 1.0\nfile '{target}'\n".encode()


def _dash(base: str) -> bytes:
    return (
        '<?xml version="1.0"?>'
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S">'
        f'<BaseURL>{base}</BaseURL><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1">'
        '<SegmentTemplate media="canary.wav" initialization="i.mp4" duration="1"/></Representation></AdaptationSet>'
        "</Period></MPD>"
    ).encode()


def _atom(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def _mov_reference(target: bytes) -> bytes:
    """Write a QuickTime file whose samples lie in another one."""
    entry = _atom(b"alis" if target.startswith(b"/") else b"url ", bytes(4) + target + b"\0")
    dref = _atom(b"dref", bytes(4) + (1).to_bytes(4, "big") + entry)
    minf = _atom(b"minf", _atom(b"dinf", dref) + _atom(b"stbl", b""))
    track = _atom(b"trak", _atom(b"mdia", _atom(b"hdlr", bytes(8) + b"soun" + bytes(13)) + minf))
    return _atom(b"ftyp", b"qt  " + bytes(4)) + _atom(b"moov", track)
