"""The elements as notebook widgets. They fetch from the hub in the browser; the kernel holds only what is synced."""

from __future__ import annotations

from knowhub_ext.widgets.views import Ask, Course, Lesson, Progress, Transcript, VideoPlayer

__all__ = ["Ask", "Course", "Lesson", "Progress", "Transcript", "VideoPlayer"]
