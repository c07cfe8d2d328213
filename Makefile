# What a newcomer types. Each target does the set-up that it needs.

# Tuning for the processor at hand; empty it for a binary that is to travel: make build ARCH=
ARCH ?= -Xcc -march=native
BUILD = swift build -c release $(ARCH)
TEST_BUILD = -c release --scratch-path .build-test -Xswiftc -enable-testing $(ARCH)

.PHONY: help setup build test sanitize demo bench bench-peers setup-browser test-browser test-threads clean

help:
	@echo "make demo         fit the log that ships, and show what was found"
	@echo "make test         run all tests"
	@echo "make sanitize     run all tests under the address sanitizer, and then under the thread sanitizer"
	@echo "make test-threads those of what is parallel, under the thread sanitizer"
	@echo "make build        build .build/release/lla"
	@echo "make bench        throughput beside the limit of this machine's matrix products"
	@echo "make test-browser use reports in a headless Chromium as a reader does"
	@echo "make bench-peers  the same work in PyTorch and tomotopy, in the same run"

setup:
	@sh .ci/setup

build: setup
	$(BUILD) --product lla

test: setup
	LLA_PYTHON="$${LLA_PYTHON-$$(sh .ci/python-readers)}" swift test $(TEST_BUILD)

# Two builds of their own, and tests that run several times slower: most of an hour on two cores.
sanitize: setup
	@bash .ci/sanitize address
	@bash .ci/sanitize thread

# What runs on several threads: tests that say so in their names, fits of all kinds, logs that are read.
test-threads: setup
	@bash .ci/sanitize thread "hreads|ShardsTests|ReproducibilityTests|CorpusReadingTests"

setup-browser:
	@sh .ci/setup chromium fonts-dejavu-core

test-browser: build setup-browser
	@python3 Tests/Browser/check_report.py .build/release/lla

demo: build
	@sh Experiments/demo/run.sh

bench: setup
	$(BUILD) --product throughput
	@.build/release/throughput

bench-peers: setup
	$(BUILD) --product throughput
	$(BUILD) --product lda-sweeps
	@bash Experiments/Benchmarks/peers/run.sh

clean:
	rm -rf .build .build-test .build-address .build-thread demo
