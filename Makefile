# Names for the steps of .ci/run, and for what is done by hand. `make help` lists them.
.PHONY: help env tests lint types contracts check verify all format snapshots bench coverage fuzz

help:        ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile
env:         ## an environment with everything in it
	python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]'
tests lint types contracts check verify coverage fuzz: ## one step of the gate
	.ci/run $@
all:         ## the whole gate
	.ci/run
format:      ## mend what can be mended by itself
	.venv/bin/ruff check --fix . ; .venv/bin/ruff format .
snapshots:   ## take the pictures of screens anew (look at them before you keep them)
	.venv/bin/pytest tests/tui/test_snapshots.py --snapshot-update
bench:       ## every figure beside its target
	.venv/bin/python -m benchmarks
