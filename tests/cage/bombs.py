"""Small files that would grow beyond all measure: archives, Office documents, XML, pictures, and lies about lengths."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

MB = 1 << 20
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def _zip(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def _huge(name: str, size: int, *, unit: bytes = bytes(MB)) -> bytes:
    """A ZIP of one entry that unpacks to `size` bytes, written without holding them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w", force_zip64=True) as entry:
            for _ in range(size // len(unit)):
                entry.write(unit)
    return made.getvalue()


def ratio() -> bytes:
    return _huge("zeros.bin", 200 * MB)


def nested() -> bytes:
    inner = _huge("zeros.bin", 60 * MB)
    for depth in range(5):
        inner = _zip({f"{n}-{depth}.zip": inner for n in range(4)})
    return inner


def entries() -> bytes:
    """A million entries, whose directory alone is 50 MB: made by hand, since `zipfile` takes minutes."""
    local = b"PK\x03\x04" + bytes(26)
    row = b"PK\x01\x02" + bytes(24) + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    count, directory = 1_000_000, (row[:28] + row[28:]) * 1_000_000
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), len(local))
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(local) + len(directory), 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + directory + wide + locator + end


def many() -> bytes:
    return _zip({f"{number}.xml": b"<a/>" for number in range(12_000)})


def overlapping() -> bytes:
    """One stretch of zeros that a thousand entries share."""
    name = b"a"
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(bytes(8 * MB)) + packed.flush()
    crc = zlib.crc32(bytes(8 * MB))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(data), 8 * MB, 1, 0) + name + data
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), 8 * MB, 1, 0, 0, 0, 0, 0, 0
    ) + name
    directory = row * 1000
    return local + directory + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(local), 0)


def lying() -> bytes:
    """An entry that says it holds ten bytes and holds 300 MB."""
    data = bytearray(_huge("word/document.xml", 300 * MB))
    for at in (data.find(b"PK\x01\x02") + 24,):
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def xml_part() -> bytes:
    return _zip({"[Content_Types].xml": _TYPES, "word/document.xml": b"<a>" + b"<b/>" * (10 * MB) + b"</a>"})


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9)
) + b"]><l>&j;</l>"


def laughs_in_word() -> bytes:
    return _zip({"[Content_Types].xml": _TYPES, "word/document.xml": LAUGHS})


def laughs_in_utf16() -> bytes:
    return _zip({"[Content_Types].xml": _TYPES, "ppt/presentation.xml": LAUGHS.decode().encode("utf-16")})


def external_entity() -> bytes:
    text = b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>'
    return _zip({"[Content_Types].xml": _TYPES, "word/document.xml": text})


def laughs() -> bytes:
    return LAUGHS


def quine() -> bytes:
    """An archive that is in itself, as far down as it is opened."""
    inner = _zip({"a": b"x"})
    for _ in range(8):
        inner = _zip({"self.zip": inner})
    return inner


def truncated() -> bytes:
    return _zip({"word/document.xml": b"<a/>" * 1000})[:-30]


def encrypted() -> bytes:
    data = bytearray(_zip({"word/document.xml": b"<a/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def pdf_loop() -> bytes:
    """A PDF whose cross-reference tables point at each other, and whose page tree is its own parent."""
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj\n"
    first = len(body)
    tables = b""
    for previous in (first + 90, first):
        tables += b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R/Prev %010d>>\n" % previous
        tables = tables.ljust(90 if len(tables) <= 90 else 180)
    return body + tables + b"startxref\n%d\n%%%%EOF" % (first + 90)


def pdf_zeros(size: int = 600 * MB, layers: int = 1) -> bytes:
    """A PDF of one page, whose content unpacks to zeros; with two layers of packing in fifteen hundred bytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode " * layers
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%b]>>stream\n%b\nendstream" % (len(packed), filters, packed),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table, len(made)
    )


def picture(width: int = 12_000) -> bytes:
    """A PNG of `width` squared pixels in a few hundred kilobytes."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(width)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def song_with_picture(folder: Path, sound: bytes) -> Path:
    """An MP3 whose cover is that picture: FFmpeg looks at it while it looks for sound."""
    image = picture()
    frame = b"\0image/png\0\3\0" + image
    tag = b"APIC" + _synchsafe(len(frame)) + b"\0\0" + frame
    path = folder / "song.mp3"
    path.write_bytes(b"ID3\x04\0\0" + _synchsafe(len(tag)) + tag + sound)
    return path


def _synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


#: Name of an attack → how to make it, and the suffix under which it would be added.
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "200 MB in 200 kB": (ratio, ".docx"), "archives in archives": (nested, ".docx"),
    "a million entries": (entries, ".docx"), "12,000 entries": (many, ".pptx"),
    "overlapping entries": (overlapping, ".docx"), "a lying length": (lying, ".docx"),
    "40 MB of XML in one part": (xml_part, ".docx"), "laughs in a document": (laughs_in_word, ".docx"),
    "laughs in UTF-16": (laughs_in_utf16, ".pptx"), "an entity from outside": (external_entity, ".docx"),
    "laughs bare": (laughs, ".html"), "an archive in itself": (quine, ".pptx"), "cut off": (truncated, ".docx"),
    "locked": (encrypted, ".docx"), "a PDF in circles": (pdf_loop, ".pdf"),
    "a PDF of zeros": (pdf_zeros, ".pdf"), "a PDF of zeros, packed twice": (lambda: pdf_zeros(layers=2), ".pdf"),
}  # fmt: skip
