"""A LangChain retriever over the client, for chains of one's own. The hub searches; nothing is embedded here."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from knowhub_ext.client import KnowHub


class KnowHubRetriever(BaseRetriever):
    """Finds passages of one course, best first.

    `Document.page_content` is the passage; `metadata` holds `lesson`, `asset` and `title`, and in `locator` where it
    stands, as in the interface: `{"kind": "time", "start": 101.2, "end": 106.0}`. `id` is `asset#locator`, so that
    chains which merge several retrievers keep one copy.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    course: str
    k: int = Field(default=5, ge=1, le=100)
    #: Search this lesson alone: an id, or `course-slug/lesson-slug`.
    lesson: str | None = None
    #: Left out of the retriever's repr and of any trace of a chain.
    hub: KnowHub = Field(default_factory=KnowHub, repr=False, exclude=True)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = []
        for hit in self.hub.search(self.course, query, limit=self.k, lesson=self.lesson):
            locator = hit.locator.to_json()
            place = ",".join(f"{value}" for value in locator.values())
            metadata = {"lesson": hit.lesson, "asset": hit.asset, "title": hit.title, "locator": locator}
            documents.append(Document(page_content=hit.text, metadata=metadata, id=f"{hit.asset}#{place}"))
        return documents
