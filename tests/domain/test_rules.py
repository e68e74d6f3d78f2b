"""Ids, slugs, jobs' moves, the policy, hot words, ranking."""

from __future__ import annotations

import itertools
import time

import pytest

from knowhub_ext.domain.ids import check_slug, is_id, natural_key, new_id, slugify
from knowhub_ext.domain.jobs import MOVES, STAGES, WEIGHTS, JobState, Stage, overall
from knowhub_ext.domain.people import Action, Actor, Role, may
from knowhub_ext.domain.ranking import coverage, rarity
from knowhub_ext.errors import InvalidName
from knowhub_ext.services.evaluation.peers import fuse


def test_ids_are_uuid7_and_sort_in_the_order_they_were_made_even_if_the_clock_stands_or_steps_back(monkeypatch):
    made = [new_id() for _ in range(50)]
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    made += [new_id() for _ in range(500)]
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
    made += [new_id() for _ in range(50)]
    assert all(is_id(i) for i in made)
    assert len(set(made)) == 600
    assert made == sorted(made)


@pytest.mark.parametrize("bad", ["", "A", "a b", "-a", "a--b", "a/b", "ü", "a" * 81, "../x", "a\n"])
def test_what_is_no_slug_is_refused_with_the_rule(bad):
    with pytest.raises(InvalidName, match="slug"):
        check_slug(bad)


def test_any_title_gives_a_slug():
    assert slugify("Über GIN & B-trees!") == "uber-gin-b-trees"
    assert slugify("История") != slugify("Физика")
    assert check_slug(slugify("日本語")).startswith("lesson-")
    assert check_slug(slugify(new_id())).startswith("lesson-")


def test_numbers_in_names_sort_as_numbers():
    assert sorted(["part10", "part2", "Part1"], key=natural_key) == ["Part1", "part2", "part10"]


def test_progress_of_a_job_never_falls_from_stage_to_stage():
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    steps = [overall(stage, share) for stage, share in itertools.product(STAGES, (0.0, 0.5, 1.0))]
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert overall(Stage.READ, 7.0) <= overall(Stage.PASSAGES, 0.0)


def test_a_job_that_is_done_stays_done_and_a_broken_one_can_be_retried():
    assert MOVES[JobState.DONE] == frozenset()
    assert all(JobState.QUEUED in MOVES[s] for s in (JobState.FAILED, JobState.CANCELLED, JobState.DEAD))


@pytest.mark.parametrize(("role", "allowed"), [
    (Role.OWNER, set(Action)), (Role.EDUCATOR, {Action.READ, Action.BACKSTAGE, Action.PROGRESS, Action.AUTHOR}),
    (Role.LEARNER, {Action.READ, Action.BACKSTAGE, Action.PROGRESS}), (Role.VIEWER, {Action.READ}),
])
def test_each_role_may_do_exactly_this(role, allowed):
    actor = Actor(person_id="p", roles=frozenset({role}))
    assert {a for a in Action if may(actor, a, course_id="c")} == allowed


def test_a_link_opens_one_course_and_nothing_outside_it():
    visitor = Actor(person_id="v", roles=frozenset({Role.VIEWER}), course="c1")
    assert may(visitor, Action.READ, course_id="c1")
    assert not may(visitor, Action.READ, course_id="c2")
    assert not may(visitor, Action.READ, course_id=None)


def test_nobody_may_do_anything_without_a_role():
    assert not any(may(Actor(person_id="p"), a, course_id="c") for a in Action)


def test_fusion_prefers_what_both_rankings_hold():
    assert fuse([[0, 1, 2], [2, 1, 3]])[:2] in ([1, 2], [2, 1])
    assert fuse([[], []]) == []


def test_a_word_nobody_says_counts_most_against_coverage():
    weights = rarity(["the worker dies", "the worker lives", "a worker"])
    assert coverage("worker", "worker", weights) == 1.0
    assert coverage("worker football", "the worker dies", weights) < 0.5
