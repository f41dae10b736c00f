"""Names the wheel: any Python 3, and the systems on which the shared library inside it runs."""

import platform
import re
from pathlib import Path

from setuptools import setup
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # Before setuptools 70.1 it came with wheel.
    from wheel.bdist_wheel import bdist_wheel

NATIVE = Path(__file__).parent / "libcrux" / "_native" / "libcrux.so.0"


class WithLibrary(Distribution):
    """What holds a library belongs into platlib."""

    def has_ext_modules(self):
        return NATIVE.exists()


class Wheel(bdist_wheel):
    def get_tag(self):
        if not NATIVE.exists():
            return "py3", "none", "any"
        floor = max([17, *map(int, re.findall(rb"GLIBC_2\.(\d+)", NATIVE.read_bytes()))])
        machine = platform.machine()
        old = f".manylinux2014_{machine}" if floor == 17 else ""
        return "py3", "none", f"manylinux_2_{floor}_{machine}{old}"


setup(distclass=WithLibrary, cmdclass={"bdist_wheel": Wheel})
