"""include/crux.h as data: chapters, functions with their comments, types and constants."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent


def version():
    return re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M).group(1)


class Function:
    def __init__(self, chapter, comment, declaration):
        self.chapter = chapter
        self.declaration = re.sub(r"\s*\n\s*", " ", declaration.strip()) + ";"
        self.name = re.search(r"(crux_\w+)\(", declaration).group(1)
        self.tags, self.text = [], []
        for line in comment.strip().splitlines():
            line = line.strip()
            tag = re.match(r"@(\w+)\s+(.*)", line)
            if tag:
                self.tags.append([tag.group(1), tag.group(2)])
            elif self.tags:
                self.tags[-1][1] += " " + line
            else:
                self.text.append(line)
        self.text = " ".join(self.text).strip()

    def tag(self, name):
        return next((text for tag, text in self.tags if tag == name), "")

    def parameters(self):
        return [text.split(None, 1) for tag, text in self.tags if tag == "param"]

    def summary(self):
        """The first sentence."""
        return re.split(r"(?<=\.)\s", self.text, maxsplit=1)[0]


class Header:
    def __init__(self):
        text = (ROOT / "include" / "crux.h").read_text(encoding="utf-8")
        self.opening = re.search(r"/\*\n(.*?)\*/", text, re.S).group(1)
        self.chapters, self.functions, self.constants, self.types = [], [], [], []
        chapter, comment = None, ""
        pieces = re.compile(r"/\*(.*?)\*/|^([a-z][^;{}#]*?\bcrux_\w+\([^;]*\));|^#define (CRUX_[A-Z_]+) ([^\n]+)$|"
                            r"^(typedef [^;]*);", re.S | re.M)
        for piece in pieces.finditer(text):
            remark, function, constant, number, kind = piece.groups()
            if remark is not None:
                title = re.match(r"\s*=+ (.*?) =+\s*$", remark)
                if title:
                    chapter = title.group(1)
                    self.chapters.append(chapter)
                comment = remark
                continue
            if function is not None:
                self.functions.append(Function(chapter, comment, function))
            elif constant is not None and constant != "CRUX_H":
                self.constants.append((constant, number.strip("()"), " ".join(comment.split())))
            elif kind is not None:
                self.types.append((re.sub(r"\s*\n\s*", " ", kind) + ";", " ".join(comment.split())))
            comment = ""
