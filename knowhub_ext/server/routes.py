"""The table of routes: openapi.yaml's paths and the pages. What is not here does not exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tornado.web import RequestHandler

from knowhub_ext.bundles import STATIC
from knowhub_ext.server.annotations import (
    CourseNotesHandler,
    ExportCourseNotesHandler,
    ExportLessonNotesHandler,
    LessonNotesHandler,
    NoteHandler,
    RestoreNoteHandler,
)
from knowhub_ext.server.ask import AskHandler
from knowhub_ext.server.assets import (
    AddAssetsHandler,
    AssetHandler,
    ContentHandler,
    MediaUrlHandler,
    RemovedFilesHandler,
    RestoreAssetHandler,
)
from knowhub_ext.server.base import Missing
from knowhub_ext.server.courses import CourseHandler, CoursesHandler
from knowhub_ext.server.embeddings import (
    CancelRebuildHandler,
    EmbeddingsHandler,
    RebuildHandler,
    VectorSetHandler,
)
from knowhub_ext.server.history import (
    CourseHistoryHandler,
    HistoryEntryHandler,
    RatingHandler,
    RestoreHistoryHandler,
)
from knowhub_ext.server.jobs import CancelJobHandler, ClearJobsHandler, JobsHandler, RetryJobHandler
from knowhub_ext.server.lessons import FindLessonHandler, LessonHandler, TranscriptHandler
from knowhub_ext.server.live import LiveHandler
from knowhub_ext.server.media import MediaHandler
from knowhub_ext.server.pages import CoursePage, CoursesPage, LessonPage
from knowhub_ext.server.progress import CourseProgressHandler, LessonProgressHandler, PlanHandler, WatchedHandler
from knowhub_ext.server.search import SearchHandler
from knowhub_ext.server.session import SessionHandler
from knowhub_ext.server.speech import CourseSpeechHandler, RecogniseHandler
from knowhub_ext.server.static import StaticFiles
from knowhub_ext.server.uploads import UploadHandler, UploadsHandler

#: Paths below `/knowhub/api`, as openapi.yaml writes them.
API: Mapping[str, type[RequestHandler]] = {
    "/session": SessionHandler,
    "/courses": CoursesHandler,
    "/courses/{course}": CourseHandler,
    "/courses/{course}/assets": AddAssetsHandler,
    "/courses/{course}/removed": RemovedFilesHandler,
    "/courses/{course}/search": SearchHandler,
    "/courses/{course}/ask": AskHandler,
    "/courses/{course}/history": CourseHistoryHandler,
    "/courses/{course}/history/restore": RestoreHistoryHandler,
    "/history/{entry}": HistoryEntryHandler,
    "/history/{entry}/rating": RatingHandler,
    "/courses/{course}/notes": CourseNotesHandler,
    "/courses/{course}/notes/export": ExportCourseNotesHandler,
    "/lessons/{lesson}/notes": LessonNotesHandler,
    "/lessons/{lesson}/notes/export": ExportLessonNotesHandler,
    "/notes/{note}": NoteHandler,
    "/notes/{note}/restore": RestoreNoteHandler,
    "/courses/{course}/progress": CourseProgressHandler,
    "/courses/{course}/plan": PlanHandler,
    "/courses/{course}/speech": CourseSpeechHandler,
    "/lessons": FindLessonHandler,
    "/lessons/{lesson}": LessonHandler,
    "/lessons/{lesson}/transcript": TranscriptHandler,
    "/lessons/{lesson}/progress": LessonProgressHandler,
    "/lessons/{lesson}/recognise": RecogniseHandler,
    "/assets/{asset}": AssetHandler,
    "/assets/{asset}/restore": RestoreAssetHandler,
    "/assets/{asset}/media": MediaUrlHandler,
    "/assets/{asset}/content": ContentHandler,
    "/assets/{asset}/watched": WatchedHandler,
    "/media/{asset}": MediaHandler,
    "/uploads": UploadsHandler,
    "/uploads/{upload}": UploadHandler,
    "/jobs": JobsHandler,
    "/jobs/clear": ClearJobsHandler,
    "/jobs/{job}/cancel": CancelJobHandler,
    "/jobs/{job}/retry": RetryJobHandler,
    "/embeddings": EmbeddingsHandler,
    "/embeddings/rebuild": RebuildHandler,
    "/embeddings/cancel": CancelRebuildHandler,
    "/embeddings/{model}": VectorSetHandler,
    "/live": LiveHandler,
}


def rules() -> list[tuple[Any, ...]]:
    """Return the rules of a tornado application, without the base URL before them."""
    api = [("/knowhub/api" + re.sub(r"\{\w+\}", "([^/]+)", path), handler) for path, handler in API.items()]
    return [
        *api,
        (r"/knowhub/api(?:/.*)?", Missing),
        (r"/knowhub/static/(.*)", StaticFiles, {"path": str(STATIC)}),
        (r"/knowhub/lesson/([^/]+(?:/[^/]+)?)", LessonPage),
        (r"/knowhub/course/([^/]+)", CoursePage),
        (r"/knowhub/?", CoursesPage),
    ]
