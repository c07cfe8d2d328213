# What a newcomer types. Each target does the set-up that it needs.

# Tuning for the processor at hand; empty it for a binary that is to travel.
ARCH ?= -Xcc -march=native
BUILD = swift build -c release $(ARCH)
TEST_BUILD = -c release --scratch-path .build-test -Xswiftc -enable-testing $(ARCH)

.PHONY: setup build test demo bench clean

setup:
	@sh .ci/setup

build: setup
	$(BUILD)

test: setup
	swift test $(TEST_BUILD)

clean:
	rm -rf .build .build-test demo
