"""Web pages as text: what a person sees of them, nothing hidden, in any encoding and however deep they nest."""

from __future__ import annotations

from pathlib import Path

from knowhub_ext.backends.readers.html import HtmlReader
from knowhub_ext.domain.documents import Document


def rows(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def read_html(folder: Path, page: str | bytes) -> Document:
    path = folder / "blob"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return HtmlReader().read(path, name="a.html")


PAGE = """<!doctype html><html><head><title>Celery</title><style>p {color: red}</style></head><body>
<nav>Home | About</nav><h1>Late <em>acknowledgement</em></h1>
<p>A task is&nbsp;lost.<br>Unless &lt;late&gt; is set.</p>
<ul><li>It may run twice.</li><li><p>So be idempotent.</p></li></ul>
<pre><code>import celery
app = celery.Celery()</code></pre>
<table><tr><th>Broker</th><td><p>Redis</p></td></tr><tr><th>Timeout</th><td>1 h</td></tr></table>
<p hidden>CANARY</p><p style="display: none">CANARY</p><script>CANARY</script><!-- CANARY -->
<noscript>CANARY</noscript><template>CANARY</template><textarea>CANARY</textarea><p>loose</p> end
</body></html>"""


def test_a_web_page_is_headings_paragraphs_items_tables_and_code(tmp_path: Path) -> None:
    document = read_html(tmp_path, PAGE)
    assert rows(document) == [
        ("heading", "Late acknowledgement"), ("text", "A task is lost.\nUnless <late> is set."),
        ("text", "- It may run twice."), ("text", "- So be idempotent."),
        ("code", "import celery\napp = celery.Celery()"), ("text", "Broker | Redis\nTimeout | 1 h"),
        ("text", "loose"), ("text", "end"),
    ]
    assert "celery" in document.hot_words
    assert "CANARY" not in document.text
    assert "CANARY" in read_html(tmp_path, PAGE.replace("<p hidden>", "<p>")).text


def test_a_page_that_nests_without_end_is_read(tmp_path: Path) -> None:
    document = read_html(tmp_path, "<div>" * 20_000 + "deep" + "</div>" * 20_000)
    assert rows(document) == [("text", "deep")]


def test_a_page_says_its_own_encoding(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert read_html(tmp_path, page).text == "Łódź"
    assert read_html(tmp_path, "<p>Łódź</p>".encode()).text == "Łódź"


def test_a_title_stands_in_where_there_is_no_heading(tmp_path: Path) -> None:
    assert rows(read_html(tmp_path, "<title>Celery</title><p>text")) == [("heading", "Celery"), ("text", "text")]
