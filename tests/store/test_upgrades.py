"""From each earlier version all data is kept, and what is new begins empty."""

from __future__ import annotations

import re

from sqlalchemy import text

from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.history import Entry
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.notes import Note
from knowhub_ext.domain.slides import SlideSpan
from knowhub_ext.domain.speech import SpeechSettings
from knowhub_ext.domain.uploads import Upload
from knowhub_ext.store import schema
from knowhub_ext.store.annotations import Wanted
from knowhub_ext.store.packing import pack_vector
from tests.store.conftest import passage as passage_of
from tests.store.versions import STAMPS, at, insert, kept


def test_from_0002_all_data_is_kept_and_the_database_gets_an_identity(empty):
    at(empty, "0002")
    course = kept(empty)
    with empty.write() as tx:
        last = tx.event("me", course.id, "course.created", course.id)
    assert schema.migrate(empty, backup_dir=None)
    with empty.read() as tx:
        assert tx.courses.get("kept") == course
        assert (tx.events.last(), tx.vectors.last()) == (last, 0)
        assert re.fullmatch("[0-9a-f]{32}", tx.meta.identity())


def test_from_0003_jobs_stand_in_the_lane_of_their_file(empty):
    at(empty, "0003")
    insert(empty, "course", id="c", slug="c", title="C", description="", hot_words="[]", **STAMPS)
    insert(empty, "lesson", id="l", course_id="c", slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "blob", sha256="s", size=1, created_at=1)
    for kind in ("video", "audio", "document"):
        insert(
            empty, "asset", id=kind, lesson_id="l", course_id="c", key=kind, kind=kind, sha256="s", path=kind,
            source="", revision=1, is_primary=False, duration_ms=0, status="queued", **STAMPS,
        )
        insert(
            empty, "job", id=f"j-{kind}", asset_id=kind, course_id="c", asset_revision=1, kind="ingest",
            state="queued", stage="read", progress=0.5, priority=0, dedupe=kind, attempts=1, fence=4, lease_owner="",
            lease_until=0, cancel_requested=False, **STAMPS,
        )
    assert schema.migrate(empty, backup_dir=None)
    with empty.write() as tx:
        found = [tx.jobs.get(f"j-{kind}") for kind in ("video", "audio", "document")]
        assert [job.lane.value for job in found] == ["speech", "speech", "light"]
        kept = {(job.stage.value, job.progress, job.attempts, job.fence) for job in found}
        assert kept == {("read", 0.5, 1, 4)}
        assert {(job.not_before_ms, job.started_ms, job.cleared_ms) for job in found} == {(0, 0, 0)}
        assert {tx.jobs.claim("w").id for _ in found} == {job.id for job in found}
        assert tx.speeds.of("m") == {}


def test_from_0003_all_data_is_kept_and_uploads_can_begin(empty):
    at(empty, "0003")
    course = kept(empty)
    with empty.write() as tx:
        person = tx.people.ensure("local", "self")
        identity = tx.meta.identity()
    assert schema.migrate(empty, backup_dir=None)
    with empty.write() as tx:
        assert tx.courses.get("kept") == course
        assert tx.meta.identity() == identity
        tx.uploads.add(Upload(id=new_id(), person_id=person, course_id=course.id, key="a.mp4", size=7))
        assert [upload.key for upload in tx.uploads.page(person, course.id, None, 5)] == ["a.mp4"]


def test_from_0003_courses_cues_and_jobs_are_kept_and_begin_without_settings_or_edits(empty):
    at(empty, "0003")
    ids = {name: new_id() for name in ("course", "lesson", "asset", "transcript", "segment", "job")}
    at_once = {"created_at": 1, "updated_at": 1}
    rows = {
        "course": {"id": ids["course"], "slug": "kept", "title": "K", "description": "", "hot_words": "[]"} | at_once,
        "lesson": {"id": ids["lesson"], "course_id": ids["course"], "slug": "l", "title": "L", "position": 0,
                   "questions": "[]"} | at_once,
        "blob": {"sha256": "0" * 64, "size": 1, "created_at": 1},
        "asset": {"id": ids["asset"], "lesson_id": ids["lesson"], "course_id": ids["course"], "key": "a.mp4",
                  "kind": "video", "sha256": "0" * 64, "path": "", "source": "", "revision": 1, "is_primary": True,
                  "duration_ms": 9, "status": "ready"} | at_once,
        "transcript": {"id": ids["transcript"], "asset_id": ids["asset"], "revision": 1, "engine": "e", "model": "m",
                       "language": "en", "options": "{}", "hot_words": "[]", "complete": True} | at_once,
        "segment": {"id": ids["segment"], "transcript_id": ids["transcript"], "ordinal": 0, "start_ms": 0, "end_ms": 5,
                    "text": "said", "speaker": "", "words": "[]"},
        "job": {"id": ids["job"], "asset_id": ids["asset"], "course_id": ids["course"], "asset_revision": 1,
                "kind": "ingest", "state": "queued", "stage": "probe", "progress": 0.0, "priority": 0, "attempts": 0,
                "fence": 0, "lease_owner": "", "lease_until": 0, "cancel_requested": False} | at_once,
    }
    with empty.engine.begin() as connection:
        for table, row in rows.items():
            names = ", ".join(row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
    assert schema.migrate(empty, backup_dir=None)
    with empty.read() as tx:
        assert tx.courses.get("kept").speech == SpeechSettings()
        assert [(s.text, s.edited) for s in tx.transcripts.current(ids["asset"]).segments] == [("said", False)]
        assert tx.jobs.get(ids["job"]).params == {}


def test_from_0003_assets_are_kept_and_can_get_notes_and_slides(empty):
    at(empty, "0003")
    course, lesson = kept(empty).id, new_id()
    rows = [(new_id(), "talk.mp4", "video"), (new_id(), "talk.pdf", "document")]
    insert(empty, "lesson", id=lesson, course_id=course, slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "blob", sha256="aa", size=1, created_at=1)
    for asset, key, kind in rows:
        insert(
            empty, "asset", id=asset, lesson_id=lesson, course_id=course, key=key, kind=kind, sha256="aa", path="",
            source="", revision=1, is_primary=kind == "video", duration_ms=0, status="ready", **STAMPS,
        )
    assert schema.migrate(empty, backup_dir=None)
    media, deck = rows[0][0], rows[1][0]
    span = SlideSpan(page=2, start_ms=0, end_ms=900, score=0.5, deck=deck, media=media)
    with empty.write() as tx:
        assert [a.notes for a in tx.assets.of_lesson(lesson)] == [(), ()]
        tx.assets.set_notes(deck, [Note(page=1, message="It is empty.")])
        tx.slides.replace(deck, media, [span])
    with empty.read() as tx:
        assert tx.assets.get(deck).notes == (Note(page=1, message="It is empty."),)
        assert tx.slides.of_media(media) == [span]


def test_from_0007_passages_and_vectors_are_kept_as_made_by_older_rules_and_a_course_goes_on_with_its_model(empty):
    at(empty, "0007")
    course = new_id()
    insert(
        empty, "course", id=course, slug="kept", title="K", description="", hot_words="[]", speech="{}", **STAMPS
    )
    insert(empty, "course", id="bare", slug="bare", title="B", description="", hot_words="[]", speech="{}", **STAMPS)
    insert(empty, "lesson", id="l", course_id=course, slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "blob", sha256="s", size=1, created_at=1)
    insert(
        empty, "asset", id="a", lesson_id="l", course_id=course, key="a.md", kind="document", sha256="s", path="",
        source="", revision=1, is_primary=False, duration_ms=0, status="ready", **STAMPS,
    )
    for number in range(2):
        insert(
            empty, "passage", id=f"p{number}", asset_id="a", course_id=course, ordinal=number, text=f"word{number}",
            locator='["text",0,5]', sentences="[]",
        )
    for seq, (passage, model) in enumerate([("p0", "early"), ("p1", "early"), ("p0", "late"), ("p1", "late")], 1):
        data = bytes([0, 0, 128, 63])
        insert(empty, "vector", passage_id=passage, model=model, seq=seq, dimensions=1, data=data)
    with empty.write() as tx:
        before = tx.session.rows(text("SELECT passage_id, model, seq, dimensions, data FROM vector ORDER BY seq"))
    assert schema.migrate(empty, backup_dir=None)
    with empty.read() as tx:
        after = tx.session.rows(text("SELECT passage_id, model, seq, dimensions, data FROM vector ORDER BY seq"))
        assert [dict(row) for row in after] == [dict(row) for row in before]
        assert tx.embeddings.serving(course).model == "late", "of two complete ones the later"
        assert tx.embeddings.serving("bare").model == ""
        standing = {row.course_id: row for row in tx.embeddings.of_courses("late")}[course]
        assert (standing.passages, standing.coarse, standing.outdated, standing.missing) == (2, 2, 2, 0)
        assert [p.text for p in tx.passages.of_asset("a")] == ["word0", "word1"]
        assert len(tx.vectors.some("late", ["p0", "p1"])) == 2


def test_from_0008_everything_is_kept_and_history_begins_empty(empty):
    at(empty, "0008")
    insert(
        empty, "course", id="c", slug="kept", title="K", description="", hot_words="[]", speech="{}",
        vector_model="m", vector_coming="", **STAMPS,
    )
    insert(empty, "person", id="p", issuer="local", subject="self", name="You", created_at=1)
    assert schema.migrate(empty, backup_dir=None)
    with empty.write() as tx:
        assert tx.courses.get("kept").title == "K"
        assert tx.embeddings.serving("c").model == "m"
        assert tx.people.ensure("local", "self") == "p"
        assert tx.history.page("p", "c", lesson_id=None, after=None, limit=5) == []
        tx.history.add(Entry(id=new_id(), person_id="p", course_id="c", lesson_id="", asked_ms=1, answer={"a": "ü"}))
    with empty.read() as tx:
        [entry] = tx.history.page("p", "c", lesson_id=None, after=None, limit=5)
        assert (entry.answer, entry.helpful, entry.comment) == ({"a": "ü"}, None, "")


def test_from_0009_what_is_indexed_is_found_as_it_was_beside_what_is_added_later(empty):
    at(empty, "0009")
    course = new_id()
    insert(
        empty, "course", id=course, slug="kept", title="K", description="", hot_words="[]", speech="{}", **STAMPS
    )
    insert(empty, "lesson", id="l", course_id=course, slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "blob", sha256="s", size=1, created_at=1)
    for asset in ("a", "b"):
        insert(
            empty, "asset", id=asset, lesson_id="l", course_id=course, key=asset, kind="document", sha256="s", path="",
            source="", revision=1, is_primary=False, duration_ms=0, status="ready", **STAMPS,
        )
    scope = ["k" + course.replace("-", ""), "kl"]
    for number, words in enumerate(["alpha beta gamma", "beta gamma delta", "omega"], 1):
        insert(
            empty, "passage", id=f"p{number}", asset_id="a", course_id=course, ordinal=number,
            text=words, locator='["text",0,5]', sentences="[]",
        )
        if empty.dialect == "sqlite":
            insert(empty, "passage_fts", rowid=number, scope=" ".join(scope), body=words)
        else:
            with empty.write() as tx:
                sql = "INSERT INTO passage_fts VALUES (:n, array_to_tsvector(:scope) || to_tsvector('english', :w))"
                tx.session.run(text(sql), {"n": number, "w": words, "scope": scope})
    assert schema.migrate(empty, backup_dir=None)
    with empty.read() as tx:
        assert {i for i, _ in tx.passages.search(course, ["gamma"], limit=9)} == {"p1", "p2"}
        assert [i for i, _ in tx.passages.search(course, ["delta"], limit=9)] == ["p2"]
        found, passages = tx.passages.counts(course, ["beta", "omega", *scope])
        assert (list(found.values()), passages) == ([2, 1, 0, 0], 3)
        lengths = tx.session.rows(text("SELECT length FROM passage ORDER BY number"))
        assert [row["length"] for row in lengths] == [3, 3, 1]
    with empty.write() as tx:
        [added] = tx.passages.replace("b", [passage_of("gamma anew")])
    with empty.read() as tx:
        assert {i for i, _ in tx.passages.search(course, ["gamma"], limit=9)} == {"p1", "p2", added.id}
    with empty.write() as tx:
        tx.passages.replace("a", [])
        assert [i for i, _ in tx.passages.search(course, ["gamma"], limit=9)] == [added.id]
        assert tx.session.scalar(text("SELECT count(*) FROM passage_fts")) == 1


def test_from_0010_everything_is_kept_and_notes_begin_empty(empty):
    at(empty, "0010")
    course = new_id()
    insert(
        empty, "course", id=course, slug="kept", title="K", description="", hot_words="[]", speech="{}", **STAMPS
    )
    insert(empty, "lesson", id="l", course_id=course, slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "person", id="p", issuer="local", subject="self", name="You", created_at=1)
    insert(
        empty, "history", id="h", person_id="p", course_id=course, lesson_id="l", asked_at=1, answer='{"a":"b"}',
        rating=1, comment="Yes.", deletion="", deleted_at=0,
    )
    note = Annotation(
        id="n", person_id="p", course_id=course, lesson_id="l", asset_id="a", locator=PageRef(page=2), revision=1
    )
    assert schema.migrate(empty, backup_dir=None)
    with empty.write() as tx:
        assert tx.courses.get("kept").id == course
        [entry] = tx.history.page("p", course, lesson_id=None, after=None, limit=5)
        assert (entry.answer, entry.helpful, entry.comment) == ({"a": "b"}, True, "Yes.")
        assert tx.annotations.page("p", Wanted(course_id=course), after=None, limit=5) == []
        assert tx.annotations.add(note)
    with empty.read() as tx:
        assert tx.annotations.page("p", Wanted(course_id=course), after=None, limit=5) == [note]


def test_from_0011_vectors_are_kept_and_tell_nothing_of_tokens(empty):
    at(empty, "0011")
    course = new_id()
    insert(
        empty, "course", id=course, slug="kept", title="K", description="", hot_words="[]", speech="{}",
        vector_model="m", **STAMPS
    )
    insert(empty, "lesson", id="l", course_id=course, slug="l", title="L", position=0, questions="[]", **STAMPS)
    insert(empty, "blob", sha256="s", size=1, created_at=1)
    insert(
        empty, "asset", id="a", lesson_id="l", course_id=course, key="a", kind="document", sha256="s", path="",
        source="", revision=1, is_primary=False, duration_ms=0, status="ready", **STAMPS,
    )
    insert(
        empty, "passage", number=1, id="p", asset_id="a", course_id=course, ordinal=0, text="alpha beta",
        locator='["text",0,5]', sentences="[]", words_from=1, words_to=2, length=2,
    )
    insert(empty, "vector", passage_id="p", model="m", seq=1, dimensions=2, data=pack_vector([1.0, 0.0]), recipe=2)
    assert schema.migrate(empty, backup_dir=None)
    with empty.write() as tx:
        assert list(tx.vectors.some("m", ["p"])["p"]) == [1.0, 0.0]
        assert tx.vectors.tokens("m", ["p"]) == {}
        assert [one.id for one in tx.vectors.pending("a", "m", 9)] == ["p"], "it ought to be made anew"
        tx.vectors.put("m", [("p", [0.0, 1.0])], tokens={"p": b"\x01"})
    with empty.read() as tx:
        assert tx.vectors.tokens("m", ["p"]) == {"p": b"\x01"}
        assert tx.vectors.pending("a", "m", 9) == []
