#!/usr/bin/env python3
"""Makes the archive and the NuGet package of a tree for Windows: pack.py TREE OUT VERSION TIME."""
import pathlib
import re
import sys
import time
import zipfile

NUSPEC = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>Libcrux.Native</id>
    <version>{version}</version>
    <authors>libcrux</authors>
    <description>Logs in once to a token-authenticated REST API, and then calls it: a C library. Native DLLs for win-x64 and \
win-x86. Cross-built with MinGW and tested under Wine; experimental.</description>
    <license type="expression">MIT OR Apache-2.0</license>
    <readme>README.md</readme>
  </metadata>
</package>
"""
# NuGet copies native files by itself only for .NET Core and later. They keep their folders: next to the program is
# Crux.dll, the assembly of the package of C#, and names have no case.
TARGETS = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup Condition="'$(TargetFrameworkIdentifier)' == '.NETFramework'">
    <None Include="$(MSBuildThisFileDirectory)..\\runtimes\\win-x86\\native\\crux.dll">
      <Link>runtimes\\win-x86\\native\\crux.dll</Link>
      <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
    </None>
    <None Include="$(MSBuildThisFileDirectory)..\\runtimes\\win-x64\\native\\crux.dll">
      <Link>runtimes\\win-x64\\native\\crux.dll</Link>
      <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
    </None>
  </ItemGroup>
</Project>
"""
TYPES = """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />
  <Default Extension="nuspec" ContentType="application/octet" />
  <Default Extension="dll" ContentType="application/octet" />
  <Default Extension="targets" ContentType="application/octet" />
  <Default Extension="md" ContentType="application/octet" />
  <Default Extension="txt" ContentType="application/octet" />
  <Default Extension="h" ContentType="application/octet" />
</Types>
"""
RELS = """<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/Libcrux.Native.nuspec" Id="R1" />
</Relationships>
"""


def write(archive, when, members):
    """Writes members, names and bytes, in order; each with the same time and mode."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, content in sorted(members):
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            made.writestr(entry, content)


def alone(page):
    """A page without its pictures, and with words for its links to files: the package does not hold those."""
    page = re.sub(rb"!\[[^]]*\]\([^)]*\)\n*", b"", page)
    return re.sub(rb"\[([^]]*)\]\((?!https?:)[^)]*\)", rb"\1", page)


def main():
    tree, out, version, epoch = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    when = time.gmtime(epoch)[:6]
    files = [path for path in tree.rglob("*") if path.is_file()]
    write(out / f"{tree.name}.zip", when,
          [(f"{tree.name}/{path.relative_to(tree).as_posix()}", path.read_bytes()) for path in files])
    native = [(f"runtimes/win-{width}/native/crux.dll", dll.read_bytes())
              for width in ("x64", "x86") if (dll := tree / width / "crux.dll").exists()]
    texts = {"Libcrux.Native.nuspec": NUSPEC.format(version=version), "build/Libcrux.Native.targets": TARGETS,
             "[Content_Types].xml": TYPES, "_rels/.rels": RELS}
    kept = [(name, (tree / name).read_bytes()) for name in ("licences.txt", "include/crux.h")]
    kept.append(("README.md", alone((tree / "README.md").read_bytes())))
    write(out / f"Libcrux.Native.{version}.nupkg", when,
          [(name, text.encode()) for name, text in texts.items()] + native + kept)


if __name__ == "__main__":
    main()
