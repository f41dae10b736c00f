#!/usr/bin/env python3
"""What abi.sh does with ABIs:

    abi.py reduce FROM.xml TO.xml     keeps of what abidw wrote the functions of crux.h and the types that they name
    abi.py grown OLD.json NEW.json    fails if crux.json has lost or changed something that programs build on
    abi.py library JSON CHANGE...     prints a library in C with the functions of crux.json; CHANGE is abi=N, without=NAME,
                                      wider=NAME (its first int32_t becomes int64_t) or with=NAME
"""

import json
import re
import sys
import xml.etree.ElementTree as ET

# Rust's names of what C has under another name.
C_NAMES = {"c_void": "void", "i8": "char", "u8": "unsigned char", "i32": "int32_t", "i64": "int64_t", "usize": "size_t",
           "isize": "ptrdiff_t", "f64": "double"}


class Reader:
    """The exported functions of an ABI that abidw has described, as C declares them."""

    def __init__(self, file):
        self.root = ET.parse(file).getroot()
        self.types = {element.get("id"): element for element in self.root.iter() if element.get("id")}

    def plain(self, element):
        """A type as it crosses: Option of a function pointer is a pointer that may be NULL, const and names of pointers
        and objects are of the source alone."""
        if element.get("name", "").startswith("Option<"):
            inner = (self.types.get(one.get("type-id", "")) for one in element.iter())
            return next(one for one in inner if one is not None and one.tag == "pointer-type-def")
        if element.tag in ("typedef-decl", "qualified-type-def"):
            inner = self.plain(self.types[element.get("type-id")])
            if element.tag == "qualified-type-def" or inner.tag in ("pointer-type-def", "class-decl"):
                return inner
        return element

    def size(self, element):
        """Bits of a type, also of one that is another's second name; void has none."""
        while element.tag == "typedef-decl":
            element = self.types[element.get("type-id")]
        bits = element.get("size-in-bits")
        return {"size-in-bits": bits} if bits and C_NAMES.get(element.get("name")) != "void" else {}

    def words(self, identity):
        """One word or more for a type, with all that it is made of."""
        element = self.plain(self.types[identity])
        if element.tag == "pointer-type-def":
            return self.words(element.get("type-id")) + " *"
        if element.tag == "function-type":
            return self.signature(element, "(*)")
        name = element.get("name")
        return C_NAMES.get(name, name)

    def signature(self, function, name):
        arguments = ", ".join(self.words(one.get("type-id")) for one in function.findall("parameter"))
        return f"{self.words(function.find('return').get('type-id'))} {name}({arguments})"

    def functions(self):
        found = [one for one in self.root.iter("function-decl") if one.get("elf-symbol-id")]
        names = {one.get("elf-symbol-id").split("@")[0]: one for one in found}
        return {name: one for name, one in sorted(names.items()) if name.startswith("crux_")}

    def reduced(self):
        """The same ABI without what is behind it, in the form of abidw; objects are opaque."""
        corpus = ET.Element("abi-corpus", {"version": self.root.get("version"), "soname": self.root.get("soname")})
        symbols = ET.SubElement(corpus, "elf-function-symbols")
        unit = ET.SubElement(corpus, "abi-instr", {"address-size": "64", "path": "crux.h", "language": "LANG_C99"})
        numbers = {}

        def number(identity):
            element = self.plain(self.types[identity])
            key = self.words(identity)
            if key in numbers:
                return numbers[key]
            numbers[key] = f"type-id-{len(numbers) + 1}"
            size = self.size(element)
            if element.tag == "pointer-type-def":
                inner = {"type-id": number(element.get("type-id")), "size-in-bits": "64"}
                ET.SubElement(unit, "pointer-type-def", {**inner, "id": numbers[key]})
            elif element.tag == "function-type":
                made = ET.Element("function-type", {**size, "id": numbers[key]})
                parts(element, made)
                unit.append(made)
            elif element.tag == "class-decl":
                opaque = {"is-struct": "yes", "visibility": "default", "is-declaration-only": "yes"}
                ET.SubElement(unit, "class-decl", {"name": key, **opaque, "id": numbers[key]})
            else:
                ET.SubElement(unit, "type-decl", {"name": key, **size, "id": numbers[key]})
            return numbers[key]

        def parts(function, made):
            for one in function.findall("parameter"):
                name = {"name": one.get("name")} if one.get("name") else {}
                ET.SubElement(made, "parameter", {"type-id": number(one.get("type-id")), **name})
            ET.SubElement(made, "return", {"type-id": number(function.find("return").get("type-id"))})

        listed = {one.get("name"): one for one in self.root.find("elf-function-symbols")}
        for name, function in self.functions().items():
            symbol = dict(listed[name].attrib)
            ET.SubElement(symbols, "elf-symbol", symbol)
            made = ET.Element("function-decl", {
                "name": name, "mangled-name": name, "visibility": "default", "binding": "global", "size-in-bits": "64",
                "elf-symbol-id": function.get("elf-symbol-id")})
            parts(function, made)
            unit.append(made)
        ET.indent(corpus)
        return ET.ElementTree(corpus)


def worse(old, new, kind):
    """What a function or a hook has lost for a program that was written for the old one."""
    types = lambda one: [argument["type"] for argument in one["arguments"]] + [one["result"]]
    if types(old) != types(new):
        yield f"{types(old)} became {types(new)}"
        return
    for before, now in zip(old["arguments"], new["arguments"]):
        # What a caller may leave out stays so; what a hook need not expect stays so.
        if before["null"] != now["null"] and before["null"] == (kind == "functions"):
            yield f"{before['name']}: whether it may be NULL has changed"
    if not old["result_null"] and new["result_null"]:
        yield "its result may now be NULL"
    for field, reason in (("owner", "has another owner"), ("waits", "now waits")):
        if old.get(field) != new.get(field) and (field != "waits" or new["waits"]):
            yield reason


def grown(old, new):
    """Everything of the old description that the new one does not keep, in words."""
    keys = {"functions": "name", "hooks": "name", "objects": "name", "constants": "name", "options": "key", "facts": "name",
            "errors": "code"}
    table = {kind: {row[key]: row for row in new[kind]} for kind, key in keys.items()}
    for kind, key in keys.items():
        for row in old[kind]:
            now = table[kind].get(row[key])
            if now is None:
                yield f"{kind}: {row[key]} is gone"
                continue
            if kind in ("functions", "hooks"):
                yield from (f"{row[key]}: {what}" for what in worse(row, now, kind))
            fixed = {"options": ["type", "secret"], "facts": ["kind"], "errors": ["name"], "constants": ["value"]}.get(kind, [])
            if kind == "constants" and (row["name"].startswith("CRUX_VERSION_") or row["name"] == "CRUX_ABI"):
                fixed = []
            for field in fixed:
                if row[field] != now[field]:
                    yield f"{kind}: {row[key]}: {field} was {row[field]} and is {now[field]}"
            if kind == "options" and row["scope"] != now["scope"] and row["scope"] not in now["scope"]:
                yield f"options: {row[key]}: was of {row['scope']} and is of {now['scope']}"
    if old["soname"] != new["soname"]:
        yield f"the SONAME was {old['soname']} and is {new['soname']}"
    more = len(new["functions"]) - len(old["functions"])
    if new["abi"] < old["abi"] or (more > 0 and new["abi"] == old["abi"]):
        yield f"CRUX_ABI is {new['abi']}, was {old['abi']}, and {more} functions are new: it grows with them"


def library(description, changes):
    """A library in C, its functions in alphabetical order."""
    words = dict(change.split("=") for change in changes)
    print("#include <stddef.h>\n#include <stdint.h>")
    for one in description["objects"]:
        print(f"typedef struct {one['name']} {one['name']};")
    for hook in description["hooks"]:
        arguments = ", ".join(argument["type"] for argument in hook["arguments"])
        print(f"typedef {hook['result']} (*{hook['name']})({arguments});")
    rows = sorted(description["functions"], key=lambda row: row["name"])
    for row in rows:
        name, types = row["name"], [argument["type"] for argument in row["arguments"]]
        if words.get("without") == name:
            continue
        if words.get("wider") == name:
            types[types.index("int32_t")] = "int64_t"
        arguments = ", ".join(f"{word} a{index}" for index, word in enumerate(types)) or "void"
        body = {"void": "", "int32_t": "return 0;"}.get(row["result"], "return 0;")
        if name == "crux_abi":
            body = f"return {words.get('abi', description['abi'])};"
        if name == "crux_version":
            body = 'return "0.0.1";'
        used = "".join(f"(void)a{index}; " for index in range(len(types)))
        print(f"{row['result']} {name}({arguments}) {{ {used}{body} }}")
    if "with" in words:
        print(f"int32_t {words['with']}(void) {{ return 0; }}")


def main():
    task, *rest = sys.argv[1:]
    if task == "reduce":
        reader = Reader(rest[0])
        reader.reduced().write(rest[1], encoding="unicode", xml_declaration=False)
        print(len(reader.functions()))
        return 0
    read = lambda file: json.load(open(file, encoding="utf-8"))
    if task == "library":
        library(read(rest[0]), rest[1:])
        return 0
    lost = list(grown(read(rest[0]), read(rest[1])))
    print("\n".join(lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
