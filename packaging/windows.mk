# make windows: the library for Windows, built and tested on Debian.

.PHONY: windows windows-build windows-test windows-packages

# x64 and x86, or one of them.
WIDTHS ?= x64 x86

# Builds both, packs them, and tests all of it under Wine; a line for each width at the end, also if a part fails.
windows:
	@sh packaging/windows/summary.sh --build $(WIDTHS)

windows-build:
	sh packaging/windows/setup.sh $(WIDTHS)
	for width in $(WIDTHS); do sh packaging/windows/build.sh $$width || exit 1; done

# The archive and the NuGet package, in target/windows.
windows-packages: windows-build
	sh packaging/windows/pack.sh $(WIDTHS)

# Tests what was built before.
windows-test:
	@sh packaging/windows/summary.sh $(WIDTHS)
