# make windows: the library for Windows, built and tested on Debian.

.PHONY: windows check-windows windows-test windows-packages windows-build windows-suite windows-sandbox windows-setup

# x64 and x86, or one of them.
WIDTHS ?= x64 x86

# Builds both, packs them, tests all of it under Wine, and compares with what another folder gives; a line for each at the end,
# also if a part fails.
windows:
	@sh packaging/windows/summary.sh --build --same-bytes $(WIDTHS)

# What the gate has time for.
check-windows:
	@sh packaging/windows/summary.sh --build x64
	@echo 'SKIPPED here, and done by make windows: x86, and whether another folder gives the same bytes'

# Tests what was built before.
windows-test:
	@sh packaging/windows/summary.sh $(WIDTHS)

# The archive and the NuGet package, in target/windows.
windows-packages: windows-build
	sh packaging/windows/pack.sh $(WIDTHS)

windows-build: windows-setup
	+for width in $(WIDTHS); do sh packaging/windows/build.sh $$width || exit 1; done

# The tests of the library itself, compiled for Windows.
windows-suite: windows-setup
	+for width in $(WIDTHS); do sh packaging/windows/suite.sh --build $$width || exit 1; done

windows-sandbox:
	+$(CARGO) build --quiet --example sandbox

windows-setup:
	sh packaging/windows/setup.sh $(WIDTHS)
