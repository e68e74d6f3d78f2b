# The two commands are `make run` and `make test`; `make help` lists the others.
# Needs Python 3.11 or newer, git and make. Everything else is set up by `make setup`, which every target calls.

PYTHON ?= python3
# what runs after the set-up runs in the environment; the set-up itself starts on the bare Python
IN     := .ci/in
WITH   := $(IN) python .ci/services.py
XDIST  ?= -n 2 --dist loadfile
# plugins that installed packages bring along and only the notebooks need cost every worker two seconds of start
PYTEST := python -m pytest -p no:langsmith_plugin -p no:nbval

# folders of tests with a target of their own; every other folder belongs to `unit`
APART := tests/house tests/contracts tests/journeys tests/packaging tests/chaos tests/notebooks tests/browser
UNIT  := $(filter-out $(APART),$(patsubst %/,%,$(sort $(dir $(wildcard tests/*/test_*.py tests/*/*/test_*.py)))))
SUITE := lint floors unit contract journey chaos-fast notebooks browser

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run lab setup test $(SUITE) chaos lock build bench eval doctor services clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up, ingest the sample course, print a cited answer, open JupyterLab on the lesson (LAB=0 stops before)
	@LAB="$(LAB)" PORT="$(PORT)" $(PYTHON) .ci/tryout.py

lab: ## set up and open JupyterLab on the sample lesson
	@PORT="$(PORT)" $(PYTHON) .ci/tryout.py --lab-only

setup: ## .venv, Python packages of the hashed lock, Node, the built extension; below a second when nothing changed
	@$(PYTHON) .ci/prepare.py

test: $(SUITE) ## install what the tests need and run all of them
	@echo "== make test: $(SUITE): all passed"

lint: setup ## ruff, mypy, ESLint, Prettier, generated types
	@echo "== lint: ruff, mypy, ESLint, Prettier, generated types"
	$(IN) ruff check .
	$(IN) mypy
	$(IN) mypy .ci/*.py
	$(IN) jlpm run lint:check

floors: setup ## who may import whom, caps on sizes, the house rules
	@echo "== floors: import-linter, tests/house"
	$(IN) lint-imports
	$(IN) $(PYTEST) $(XDIST) tests/house

unit: setup ## the tests of every floor (store on SQLite and PostgreSQL), and of the TypeScript
	@echo "== unit: jest, $(UNIT)"
	$(IN) jlpm run test
	$(WITH) --postgres --cage --voice -- $(PYTEST) $(XDIST) $(UNIT)

contract: setup ## every registered backend against the contract of its seam
	@echo "== contract: tests/contracts"
	$(WITH) --postgres --cage -- $(PYTEST) $(XDIST) tests/contracts

journey: setup ## whole flows with real processes, and the wheel in a clean environment
	@echo "== journey: tests/journeys, tests/packaging"
	$(WITH) --postgres --cage -- $(PYTEST) $(wildcard tests/journeys tests/packaging)

chaos-fast: setup ## kills, cuts, a full disk: a few of each (KNOWHUB_SEED=… replays a run)
	@echo "== chaos-fast: tests/chaos"
	$(WITH) --postgres -- $(PYTEST) -n 2 --dist worksteal tests/chaos

chaos: setup ## the same in full counts, and bombs, held to their times: 200 kills of a server, 50 of workers; some hours
	@echo "== chaos: tests/chaos and bombs, counts x 25"
	KNOWHUB_CHAOS=$(or $(KNOWHUB_CHAOS),25) $(WITH) --postgres --cage -- $(PYTEST) --timeout 7200 tests/chaos \
		tests/cage/test_bombs.py

notebooks: setup ## notebooks and dashboards, executed
	@echo "== notebooks: tests/notebooks"
	$(IN) python -m pytest -p no:langsmith_plugin tests/notebooks

browser: setup ## the interface in Chromium: JupyterLab, Notebook, Voila, Panel
	@echo "== browser: tests/browser"
	$(WITH) --chromium -- $(PYTEST) tests/browser

services: setup ## keep a throw-away PostgreSQL up for tests by hand, until Ctrl-C
	$(WITH) --postgres --chromium --cage --voice

lock: setup ## write requirements.lock again (UPGRADE=1 takes the newest versions)
	@UPGRADE="$(UPGRADE)" $(IN) python .ci/lock.py

build: setup ## the wheel and the source archive, into dist/
	$(IN) python -m build --no-isolation

bench: setup ## the figures that the documents quote
	$(IN) python -m tests.bench

eval: setup ## the right second, citations and refusals on questions with known answers (EVAL=folder), beside the usual ways
	@folder="$(or $(EVAL),$(KNOWHUB_EVAL_DATA),$(CURDIR)/../shared/eval)"; \
	if [ -d "$$folder" ]; then $(IN) knowhub eval "$$folder"; \
	else echo "There is no folder $$folder. Say where the questions are: make eval EVAL=folder (see knowhub eval --help)."; exit 2; fi

doctor: setup ## which engine, model, index and answerer are in use, why, and what is missing
	@KNOWHUB_DATA="$(or $(KNOWHUB_DATA),$(CURDIR)/.knowhub)" $(IN) knowhub doctor

clean: ## remove what was built and cached
	rm -rf .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist lib
	rm -rf knowhub_ext/labextension knowhub_ext/static knowhub_ext/_version.py test-results tsconfig.tsbuildinfo

distclean: clean ## also the environment, the Node packages and the try-out's data
	rm -rf .venv node_modules .knowhub
