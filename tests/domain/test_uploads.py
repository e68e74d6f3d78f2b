"""What a client says of a file it sends: headers, names and paths, of whatever kind."""

from __future__ import annotations

import base64
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.uploads import (
    METADATA_MAX,
    folder_of,
    parse_checksum,
    parse_length,
    parse_metadata,
    parse_offer,
    relative_key,
)
from knowhub_ext.errors import UserError


def coded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def header(**pairs: str) -> str:
    return ",".join(f"{key} {coded(value)}" for key, value in pairs.items())


def test_metadata_are_pairs_of_a_word_and_base64_and_a_word_may_stand_alone() -> None:
    assert parse_metadata("a YQ==, b-c Yw== ,flag") == {"a": "a", "b-c": "c", "flag": ""}
    assert parse_metadata("") == {}


@pytest.mark.parametrize("text", [
    "a YQ==,a Yg==", "a not*base64", "a YQ", "a b YQ==", "ä YQ==", f"a {coded(chr(0xD800))}", "a gICA",
    " ,\t,a\x7f YQ==",
    "a " + "Y" * METADATA_MAX,
])
def test_metadata_that_cannot_be_read_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match=r"Upload-Metadata.*\.$"):
        parse_metadata(text)


@given(st.text(max_size=200))
def test_no_header_of_metadata_breaks_the_reading(text: str) -> None:
    with suppress(UserError):
        assert isinstance(parse_metadata(text), dict)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=300), st.text(max_size=90))
def test_whatever_is_offered_is_an_offer_or_a_sentence(course: str, name: str, path: str, batch: str) -> None:
    with suppress(UserError):
        offer = parse_offer(header(course=course, filename=name, path=path, batch=batch, lesson=path), 1)
        check_key(offer.key)
        assert offer.name == offer.key.rpartition("/")[2]


def check_key(key: str) -> None:
    parts = key.split("/")
    assert all(part and part == part.strip() and part not in (".", "..") for part in parts)
    assert not key.startswith("/")
    assert "\\" not in key
    assert not any(c < " " and c != "\t" for c in key)


@given(st.text(alphabet=st.sampled_from("./\\ \0\n\u200b" + string.ascii_lowercase + "é" + "e\u0301"), max_size=60))
def test_a_key_climbs_nowhere_and_is_its_own_key(path: str) -> None:
    try:
        key = relative_key(path)
    except UserError:
        return
    check_key(key)
    assert relative_key(key) == key


@pytest.mark.parametrize(("path", "key"), [
    ("week1/intro.mp4", "week1/intro.mp4"), ("week1\\intro.mp4", "week1/intro.mp4"),
    ("/etc/passwd.md", "etc/passwd.md"),
    ("../../a.md", "a.md"), ("a/./b//c.md", "a/b/c.md"), ("C:\\Users\\x.md", "C:/Users/x.md"), ("a\0b.md", "ab.md"),
    ("cafe\u0301.md", "café.md"), ("%2e%2e/a.md", "%2e%2e/a.md"), ("CON.md", "CON.md"), (" a .md ", "a .md"),
    ("a\nb.md", "a b.md"),
])
def test_a_path_becomes_a_key(path: str, key: str) -> None:
    assert relative_key(path) == key


def test_a_bare_file_name_has_no_folder() -> None:
    assert relative_key("somewhere/else/a.md", folders=False) == "a.md"
    assert (folder_of("week1/a.md"), folder_of("a.md")) == ("week1", "")


@pytest.mark.parametrize("path", ["", "..", "/", " / ", "\u200b", "../..", "a" * 256 + ".md", "d/" * 600 + "a.md"])
def test_what_is_no_name_is_refused(path: str) -> None:
    with pytest.raises(UserError, match="name"):
        relative_key(path)


def test_a_name_of_255_letters_of_several_bytes_is_a_name() -> None:
    assert relative_key("ü" * 252 + ".md") == "ü" * 252 + ".md"


@pytest.mark.parametrize("text", ["", " ", "-1", "1.0", "1e3", "0x1", "١", "9" * 19, "1 2", "+1"])
def test_a_length_is_a_whole_number(text: str) -> None:
    with pytest.raises(UserError, match="Upload-Length"):
        parse_length(text, "Upload-Length")


def test_a_length_that_is_missing_is_said() -> None:
    assert parse_length("0", "Upload-Length") == 0
    with pytest.raises(UserError, match="missing"):
        parse_length(None, "Upload-Length")


@pytest.mark.parametrize("text", ["", "md5 AAAA", "sha1", "sha1 *", "sha1 AAAA", "sha256 " + coded("x" * 20), "SHA1 "])
def test_a_checksum_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        parse_checksum(text)


def test_a_checksum_is_an_algorithm_and_a_digest() -> None:
    found = parse_checksum("sha1 " + coded("x" * 20))
    assert (found.algorithm, found.digest) == ("sha1", b"x" * 20)


@pytest.mark.parametrize("missing", ["course", "filename"])
def test_an_offer_names_course_and_file(missing: str) -> None:
    given_ = {"course": "c", "filename": "a.md"}
    assert parse_offer(header(**given_), 3).key == "a.md"
    del given_[missing]
    with pytest.raises(UserError, match=missing):
        parse_offer(header(**given_), 3)
