"""Sixty files that are two things at once: media by name or first bytes, and pages or scripts to a careless browser."""

from __future__ import annotations

from itertools import product

SCRIPT = b"<script>top.hit=1;document.title='hit';fetch('/knowhub/api/session')</script>"
PAGES = {
    "html": b"<!doctype html><html><body>" + SCRIPT + b"</body></html>",
    "bare": SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="top.hit=1"><script>top.hit=1</script></svg>',
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>top.hit=1</script></html>',
    "js": b"top.hit=1;/*",
    "pdf": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj",
}
HEADS = {
    "mp4": b"\0\0\0\x1cftypisom\0\0\0\0isommp42", "ogg": b"OggS\0\x02" + bytes(20), "wav": b"RIFF\xff\0\0\0WAVEfmt ",
    "webm": b"\x1aE\xdf\xa3\x9fB\x82\x84webm", "mp3": b"ID3\x04\0\0\0\0\0\0", "flac": b"fLaC\0\0\0\x22",
    "none": b"",
}
_ODD = {
    "gif-js.mp3": b"GIF89a=1;/*" + bytes(40) + b"*/;top.hit=1", "bmp-js.mp3": b"BM=1;top.hit=1",
    "page-after-blanks.mp4": b"\n\t  " + PAGES["html"], "page-in-utf16.mp4": PAGES["html"].decode().encode("utf-16"),
    "page-after-mark.mp3": b"\xef\xbb\xbf" + PAGES["html"], "page-after-nuls.mp4": bytes(16) + PAGES["html"],
    "page-late.mp4": b"x" * 70 + PAGES["html"], "page-at-kilobyte.mp3": b"x" * 1025 + PAGES["html"],
    "comment.mp4": b"<!-- " + b"x" * 600 + b" -->" + PAGES["html"], "notebook.mp4": b'{"cells": [], "metadata": {}}',
    "style.mp3": b"body{background:url(/knowhub/api/session)}", "playlist.mp4": b"#EXTM3U\nhttp://127.0.0.1:9/\n",
    "manifest.mp4": b"CACHE MANIFEST\n/\n", "captions.mp4": b"WEBVTT\n\n00:00.000 --> 00:01.000\n<b>" + SCRIPT,
    "shell.mp3": b"#!/bin/sh\ntouch hit\n", "mime.mp4": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + SCRIPT,
    "multipart.mp3": b"--x\r\nContent-Type: text/html\r\n\r\n" + SCRIPT, "feed.mp4": b"<rss><channel>" + SCRIPT,
    "swf.mp4": b"FWS\x09" + bytes(60), "zip-page.mp3": b"PK\x03\x04" + bytes(30) + PAGES["html"],
    "quoted\"; x=\".mp3": HEADS["mp3"] + SCRIPT, "name\u2028<script>.mp3": HEADS["mp3"] + SCRIPT,
}


def corpus() -> dict[str, bytes]:
    """Return the files by the names under which they are added."""
    made = {
        f"{head}-{page}.{'mp4' if head in ('mp4', 'webm', 'none') else 'mp3'}": HEADS[head] + PAGES[page]
        for head, page in product(HEADS, PAGES)
    }
    return made | _ODD
