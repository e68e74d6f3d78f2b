from __future__ import annotations

from dataclasses import replace

import pytest

from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.people import Role
from knowhub_ext.errors import Conflict, NotFound


def test_a_course_is_found_by_id_and_by_slug_with_all_its_values(store, make):
    course = Course(id=new_id(), slug="full-stack", title="Full stack", description="d", hot_words=("GIN", "B-tree"))
    with store.write() as tx:
        tx.courses.add(course)
    with store.read() as tx:
        assert tx.courses.get(course.id) == course
        assert tx.courses.get("full-stack") == course


@pytest.mark.parametrize("ref", ["nothing", "", "01a204e2-ff36-723a-91e7-fef8f32d87b5", "\x00", "\ud800", "'; --"])
def test_an_unknown_course_is_not_found(store, ref):
    with store.read() as tx, pytest.raises(NotFound):
        tx.courses.get(ref)


def test_a_slug_is_taken_once_and_the_transaction_may_go_on(store, make):
    make.course("one")
    with store.write() as tx:
        with pytest.raises(Conflict, match="'one'"):
            tx.courses.add(Course(id=new_id(), slug="one", title="Again"))
        tx.courses.add(Course(id=new_id(), slug="two", title="Two"))
    with store.read() as tx:
        assert {course.slug for course in tx.courses.all()} == {"one", "two"}


def test_a_slug_is_free_again_once_its_course_is_in_the_trash(store, make):
    old = make.course("one")
    make.trash("course", old.id)
    with store.read() as tx, pytest.raises(NotFound):
        tx.courses.get(old.id)
    new = make.course("one")
    with store.read() as tx:
        assert tx.courses.get("one").id == new.id


def test_pages_go_through_all_courses_once_with_their_number_of_lessons(store, make):
    titles = ["b", "a", "c", "a", "d"]
    courses = [make.course(title=title) for title in titles]
    for position in range(3):
        make.lesson(courses[2], position=position)
    make.trash("lesson", make.lesson(courses[2]).id)
    seen, after = [], None
    with store.read() as tx:
        while rows := tx.courses.page(after, 2):
            seen += rows
            after = rows[-1][0].id
        assert [course.title for course, _ in seen] == ["a", "a", "b", "c", "d"]
        assert {course.id for course, _ in seen} == {course.id for course in courses}
        assert {course.title: count for course, count in seen} == {"a": 0, "b": 0, "c": 3, "d": 0}
        assert [course.id for course in tx.courses.all()] == [course.id for course, _ in seen]
        assert tx.courses.page("unknown", 2) == []


def test_an_update_writes_every_value(store, make):
    course = make.course("one")
    changed = replace(course, slug="uno", title="T", description="D", hot_words=("w",))
    with store.write() as tx:
        tx.courses.update(changed)
    with store.read() as tx:
        assert tx.courses.get(course.id) == changed


def test_an_update_cannot_take_anothers_slug_nor_reach_the_trash(store, make):
    one, two = make.course("one"), make.course("two")
    with store.write() as tx, pytest.raises(Conflict):
        tx.courses.update(replace(two, slug="one"))
    make.trash("course", one.id)
    with store.write() as tx:
        tx.courses.update(replace(two, slug="one"))
        with pytest.raises(NotFound):
            tx.courses.update(replace(one, slug="three"))


def test_text_no_database_takes_is_made_storable(store):
    course = Course(id=new_id(), slug="x", title="a\x00b\ud800c", description="\udfff", hot_words=("n\x00\ud912",))
    with store.write() as tx:
        tx.courses.add(course)
    with store.read() as tx:
        found = tx.courses.get("x")
    assert found.title == "a\ufffdb\ufffdc"
    assert found.description == "\ufffd"
    assert "\ud912" not in found.hot_words[0]


def test_lessons_come_in_the_educators_order(store, make):
    course = make.course()
    lessons = [make.lesson(course, position=position) for position in (2, 0, 1)]
    make.lesson()
    with store.read() as tx:
        assert [lesson.id for lesson in tx.lessons.of_course(course.id)] == [lessons[i].id for i in (1, 2, 0)]


def test_a_lesson_is_found_by_id_and_by_slugs(store, make):
    course = make.course("full-stack")
    lesson = Lesson(id=new_id(), course_id=course.id, slug="gin", title="GIN", position=4, questions=("Why?",))
    with store.write() as tx:
        tx.lessons.add(lesson)
    with store.read() as tx:
        for found in (tx.lessons.get(lesson.id), tx.lessons.find(lesson.id), tx.lessons.find("full-stack/gin")):
            assert found == lesson
        assert tx.lessons.by_slug(course.id, "gin") == lesson
        assert tx.lessons.by_slug(course.id, "gist") is None


@pytest.mark.parametrize("ref", ["gin", "full-stack/", "full-stack/none", "/gin", "full-stack/gin/x", "\x00/\ud800"])
def test_an_unknown_lesson_is_not_found(store, make, ref):
    make.lesson(make.course("full-stack"), "gin")
    with store.read() as tx, pytest.raises(NotFound):
        tx.lessons.find(ref)


def test_lessons_of_a_course_in_the_trash_are_not_found(store, make):
    course = make.course("full-stack")
    lesson = make.lesson(course, "gin")
    make.trash("course", course.id)
    with store.read() as tx:
        assert tx.lessons.of_course(course.id) == []
        assert tx.lessons.by_slug(course.id, "gin") is None
        for call in (tx.lessons.get, tx.lessons.find):
            with pytest.raises(NotFound):
                call(lesson.id)
        with pytest.raises(NotFound):
            tx.lessons.find("full-stack/gin")


def test_a_lessons_slug_is_unique_within_its_course_only(store, make):
    one, two = make.course(), make.course()
    make.lesson(one, "gin")
    other = make.lesson(two, "gin")
    with pytest.raises(Conflict):
        make.lesson(one, "gin")
    third = make.lesson(two, "gist")
    with store.write() as tx:
        with pytest.raises(Conflict):
            tx.lessons.update(replace(third, slug="gin"))
        changed = replace(other, slug="trees", title="Trees", position=9, questions=("a", "b"))
        tx.lessons.update(changed)
        assert tx.lessons.get(other.id) == changed
        with pytest.raises(NotFound):
            tx.lessons.update(replace(changed, id=new_id(), slug="none"))


def test_a_person_is_known_by_issuer_and_subject_alone(store):
    with store.write() as tx:
        ada = tx.people.ensure("local", "self", name="Ada")
        assert tx.people.ensure("local", "self") == ada
        assert tx.people.name(ada) == "Ada"
        assert tx.people.ensure("local", "self", name="Ada L.") == ada
        assert tx.people.name(ada) == "Ada L."
        others = {tx.people.ensure("hub:x", "self"), tx.people.ensure("local", "other", name="Ada")}
        assert len(others | {ada}) == 3
        with pytest.raises(NotFound):
            tx.people.name(new_id())


def test_roles_are_kept_per_course(store, make):
    course, other = make.course(), make.course()
    ada, bob = make.person(), make.person()
    with store.write() as tx:
        for role in (Role.OWNER, Role.LEARNER, Role.OWNER):
            tx.people.enrol(ada, course.id, role)
        tx.people.enrol(bob, other.id, Role.VIEWER)
    with store.read() as tx:
        assert tx.people.roles(ada, course.id) == {Role.OWNER, Role.LEARNER}
        assert tx.people.roles(ada, other.id) == frozenset()
        assert tx.people.roles(bob, course.id) == frozenset()
        assert tx.people.roles(bob, other.id) == {Role.VIEWER}
