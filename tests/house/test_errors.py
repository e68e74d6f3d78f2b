"""Every way to fail has a name of its own, a sentence and a cure; and every door maps all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from knowhub_ext import cli, errors
from knowhub_ext.errors import KnowHubError, UserError
from knowhub_ext.server import problems

SENTENCE = re.compile(r"^[A-Z`].*[.]$", re.DOTALL)


def descendants(cls: type[KnowHubError]) -> Iterator[type[KnowHubError]]:
    """A class and all below it, of the tree in errors.py."""
    yield cls
    for child in cls.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from descendants(child)


TREE = list(descendants(KnowHubError))


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_an_error_is_a_sentence_with_a_cure(cls: type[KnowHubError]) -> None:
    error = cls()
    assert SENTENCE.match(error.message), "the docstring is the message people read"
    assert SENTENCE.match(error.cure)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.slug)
    assert error.to_json() == {"slug": cls.slug, "message": error.message, "cure": error.cure}


def test_every_error_has_a_slug_of_its_own() -> None:
    slugs = [cls.slug for cls in TREE]
    assert sorted(slugs) == sorted(set(slugs))
    assert len(TREE) > 20


def test_a_cure_can_be_said_for_the_case_at_hand() -> None:
    error = errors.NotFound("There is no course 'x'.", cure="Create it.")
    assert error.to_json() == {"slug": "not-found", "message": "There is no course 'x'.", "cure": "Create it."}
    assert errors.NotFound().cure != "Create it."


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_the_command_line_says_it_in_one_line_and_exits_2_for_mistakes(
    cls: type[KnowHubError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**_: object) -> None:
        raise cls

    monkeypatch.setattr(cli.knowhub, "main", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor"])
    out, err = capsys.readouterr()
    assert ended.value.code == (2 if issubclass(cls, UserError) else 1)
    assert out == ""
    assert err.rstrip("\n").count("\n") == 0
    assert cls().message in err
    assert cls().cure in err


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_over_http_it_is_a_problem_document_of_a_status_that_fits(cls: type[KnowHubError]) -> None:
    error = cls("This one.", cure="Do that.")
    status = problems.status_of(error)
    assert (400 <= status < 500) or not issubclass(cls, UserError) or status == 503
    assert status >= 500 or issubclass(cls, UserError) or status == 409
    document = problems.document(error, status, "id")
    assert (document["status"], document["detail"], document["cure"]) == (status, "This one.", "Do that.")
    assert document["type"].endswith(cls.slug)
    assert document["request_id"] == "id"


def test_the_table_of_statuses_names_each_class_once_and_only_where_its_parent_differs() -> None:
    assert set(problems.STATUS) <= set(TREE)
    idle = {
        cls.__name__ for cls, status in problems.STATUS.items()
        if any(problems.STATUS.get(parent) == status for parent in cls.__mro__[1:2])
    }  # fmt: skip
    assert not idle


def test_what_nobody_foresaw_tells_a_stranger_nothing() -> None:
    document = problems.document(ValueError("the password is x"), 500, "id")
    assert problems.status_of(ValueError()) == 500
    assert "password" not in str(document)
