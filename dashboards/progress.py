"""The progress page for `panel serve`. JupyterLab's launcher opens it beside a hub, as /knowhub-panel/."""

from knowhub_ext.dashboards.progress import progress_app

progress_app().servable(title="KnowHub progress")
