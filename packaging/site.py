#!/usr/bin/env python3
"""Makes the documentation as a site of plain pages: packaging/site.py FOLDER

From the header (functions, outcomes, types), docs/examples.c (an example for each function) and the pages of this
project. A link that leads nowhere and a function without an example are errors. Needs Python 3 and nothing else.
"""
import ctypes
import html
import pathlib
import posixpath
import re
import shutil
import sys

from header import ROOT, Header, version

# Source and title in the menu. The rest of the menu is made from the header.
PAGES = [("README.md", "Overview"), ("docs/from-other-clients.md", "From other clients"), ("docs/options.md", "Options"),
         ("docs/custom-service.md", "A service of your own"),
         ("docs/services.md", "Services"), ("docs/conventions.md", "Conventions and ABI"),
         ("docs/architecture.md", "Architecture"), ("docs/windows.md", "Windows"),
         ("docs/dependencies.md", "Dependencies"),
         ("CONTRIBUTING.md", "Contributing"), ("CHANGELOG.md", "Changes"),
         ("docs/binding.md", "Writing a binding"), ("bindings/README.md", "Languages")]
GENERATED = [("reference.html", "Functions"), ("outcomes.html", "Outcomes"), ("facts.html", "Facts")]
# The page of each language; what else its folder says is linked there alone.
LANGUAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("bindings/*/README.md"))
MORE = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("bindings/*/docs/*.md"))

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: #0a58ca; }
@media (prefers-color-scheme: dark) { :root { --link: #6ea8fe; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; display: flex; min-height: 100vh; }
nav { flex: 0 0 15rem; padding: 1.2rem; border-right: 1px solid var(--line); }
nav a { display: block; padding: .2rem 0; }
nav b { display: block; margin: 0 0 .6rem; font-size: 1.1rem; }
nav a.here { font-weight: 600; color: inherit; text-decoration: none; }
main { flex: 1; min-width: 0; max-width: 54rem; padding: 1.2rem 2rem 4rem; }
a { color: var(--link); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .4rem 0 1rem; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { margin-top: 1.8rem; }
code, pre { font: .88em/1.45 ui-monospace, monospace; }
code { background: var(--soft); padding: .1em .25em; border-radius: 3px; overflow-wrap: break-word; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .93em; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; text-align: left; vertical-align: top; }
td:first-child code { white-space: nowrap; }
dt { font-weight: 600; margin-top: .4rem; }
dd { margin-left: 1.2rem; }
img { max-width: 100%; height: auto; }
@media (max-width: 46rem) {
    body { display: block; }
    nav { border: 0; border-bottom: 1px solid var(--line); padding: .8rem 1rem; }
    nav a { display: inline-block; margin-right: .9rem; padding: .35rem 0; }
    main { padding: .8rem 1rem 3rem; }
    h1 { font-size: 1.5rem; }
    .blocks, .blocks tbody, .blocks tr, .blocks td { display: block; }
    .blocks tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
    .blocks tr:first-child, .blocks td:empty { display: none; }
    .blocks td { border: 0; padding: .1rem 0; }
    .blocks td:not(:first-child)::before { content: attr(data-label) ": "; opacity: .7; }
}
"""


def target_of(source):
    """The file of the site that a page of the project becomes."""
    if source == "README.md":
        return "index.html"
    if source == "bindings/README.md":
        return "languages.html"
    if source in LANGUAGES:
        return source.split("/")[1] + ".html"
    if source in MORE:
        return source.split("/")[1] + "-" + pathlib.Path(source).stem + ".html"
    return pathlib.Path(source).stem.lower() + ".html"


def title_of(source):
    """The first heading of a page of the project."""
    first = (ROOT / source).read_text(encoding="utf-8").splitlines()[0]
    return first.removeprefix("# ").removeprefix("libcrux for ")


def slug(text):
    return re.sub(r"[^a-z0-9_]+", "-", re.sub(r"<[^>]*>|`", "", text.lower())).strip("-")


class Page:
    """Markdown as this project writes it: headings, paragraphs, lists, tables, code."""

    def __init__(self, source):
        self.source, self.out, self.images = source, [], {}
        self.folder = pathlib.PurePosixPath(source).parent
        self.lines = (ROOT / source).read_text(encoding="utf-8").splitlines()

    def place(self, path):
        """Where a relative link leads, as a path of the project."""
        return posixpath.normpath((self.folder / path).as_posix())

    def link(self, match):
        text, where = match.group(1), match.group(2)
        if not re.match(r"[a-z]+:|#", where):
            path, _, part = where.partition("#")
            full = self.place(path)
            if full in dict(PAGES) or full in LANGUAGES or full in MORE:
                where = target_of(full) + ("#" + part if part else "")
            elif (ROOT / full).exists():
                return text  # a file of the source, not of the site
            else:
                where = "missing:" + full
        return f'<a href="{html.escape(where)}">{text}</a>'

    def image(self, match):
        full = self.place(match.group(2))
        name = full.replace("/", "-")
        self.images[name] = ROOT / full
        return f'<img src="{html.escape(name)}" alt="{match.group(1)}">'

    def inline(self, text):
        codes = []

        def keep(match):
            codes.append(f"<code>{html.escape(match.group(2).strip())}</code>")
            return f"\0{len(codes) - 1}\0"
        text = re.sub(r"(`+)(.+?)\1", keep, text)
        text = re.sub(r"<(https?://[^>]+)>", r"[\1](\1)", text)
        text = html.escape(text, quote=False)
        text = re.sub(r"!\[([^\]]*)\]\(([^)]+)\)", self.image, text)
        text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", self.link, text)
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
        text = re.sub(r"(?<![\w*])\*([^*\s][^*]*?)\*(?!\w)", r"<em>\1</em>", text)
        return re.sub("\0(\\d+)\0", lambda match: codes[int(match.group(1))], text)

    def table(self, rows):
        cells = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))] for row in rows]
        # On a phone a row of many cells is shown as a block of its own.
        kind = " class=blocks" if len(cells[0]) > 3 and all(cells[0]) else ""
        out = f"<div class=wide><table{kind}><tr>" + "".join(f"<th>{self.inline(cell)}</th>" for cell in cells[0]) + "</tr>"
        for row in cells[2:]:
            out += "<tr>" + "".join(
                f'<td data-label="{html.escape(label)}">{self.inline(cell)}</td>' for label, cell in zip(cells[0], row)) + "</tr>\n"
        return out + "</table></div>"

    def items(self, lines):
        """A list; a deeper one inside an item is a list too."""
        out, tag = "", "ol" if re.match(r"\s*\d+\.", lines[0]) else "ul"
        depth = len(lines[0]) - len(lines[0].lstrip())
        groups = []
        for line in lines:
            if re.match(r"\s*([*-]|\d+\.)\s", line) and len(line) - len(line.lstrip()) <= depth:
                groups.append([re.sub(r"^\s*([*-]|\d+\.)\s+", "", line)])
            else:
                groups[-1].append(line)
        for group in groups:
            inner = next((i for i, line in enumerate(group) if i and re.match(r"\s*([*-]|\d+\.)\s", line)), len(group))
            out += "<li>" + self.inline(" ".join(line.strip() for line in group[:inner]))
            if inner < len(group):
                out += self.items(group[inner:])
            out += "</li>\n"
        return f"<{tag}>{out}</{tag}>"

    def render(self):
        lines, i = self.lines, 0
        while i < len(lines):
            line = lines[i]
            start = i
            if line.startswith("```"):
                i += 1
                while not lines[i].startswith("```"):
                    i += 1
                self.out.append("<pre><code>" + html.escape("\n".join(lines[start + 1:i])) + "</code></pre>")
                i += 1
            elif match := re.match(r"(#+) (.*)", line):
                level, title = len(match.group(1)), match.group(2)
                self.out.append(f'<h{level} id="{slug(title)}">{self.inline(title)}</h{level}>')
                i += 1
            elif line.startswith("|"):
                while i < len(lines) and lines[i].startswith("|"):
                    i += 1
                self.out.append(self.table(lines[start:i]))
            elif line.startswith("    "):
                while i < len(lines) and (lines[i].startswith("    ") or not lines[i].strip()):
                    i += 1
                self.out.append("<pre><code>" + html.escape("\n".join(l[4:] for l in lines[start:i]).rstrip()) + "</code></pre>")
            elif re.match(r"([*-]|\d+\.) ", line):
                while i < len(lines) and (re.match(r"\s*([*-]|\d+\.) |\s+\S", lines[i])
                                          or (lines[i].strip() and not re.match(r"[|#`]", lines[i]))):
                    i += 1
                self.out.append(self.items(lines[start:i]))
            elif line.strip():
                while i < len(lines) and lines[i].strip() and not re.match(r"[|#]|```|[*-] |\d+\. ", lines[i]):
                    i += 1
                i = max(i, start + 1)
                self.out.append("<p>" + self.inline(" ".join(lines[start:i])) + "</p>")
            else:
                i += 1
        return "\n".join(self.out)


def examples():
    text = (ROOT / "docs" / "examples.c").read_text(encoding="utf-8")
    found = {}
    for name, body in re.findall(r"^static void example_(crux_\w+)\(void\)\n\{\n(.*?)^\}", text, re.S | re.M):
        found[name] = "\n".join(line[4:] if line.startswith("    ") else line for line in body.rstrip().splitlines())
    return found


def linked(text):
    """A text of the header, with its functions as links."""
    return re.sub(r"\b(crux_[a-z_]+)\b(?!_fn)", lambda match: f'<a href="reference.html#{match.group(1)}">{match.group(1)}</a>'
                  if match.group(1) in NAMES else match.group(1),
                  re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False)))


def reference(header):
    samples = examples()
    missing = [function.name for function in header.functions if function.name + "(" not in samples.get(function.name, "")
               and function.name not in ("crux_options_tick",)]
    if missing:
        sys.exit("docs/examples.c has no example that calls " + ", ".join(missing))
    out = ["<h1>Functions</h1><p>Made from <code>include/crux.h</code>. Each example is compiled and run by the tests; "
           "<code>me</code> is a client, <code>call</code> a call, <code>response</code> a finished response.</p><ul>"]
    out += [f'<li><a href="#{slug(chapter)}">{html.escape(chapter)}</a></li>' for chapter in header.chapters]
    out.append("</ul>")
    labels = {"return": "Returns", "owner": "Owner", "threads": "Threads", "waits": "Waits", "since": "Since"}
    for chapter in header.chapters:
        out.append(f'<h2 id="{slug(chapter)}">{html.escape(chapter)}</h2>')
        for function in (f for f in header.functions if f.chapter == chapter):
            declaration = re.sub(r", (?=\w)", ",\n    ", function.declaration, count=0)
            out.append(f'<h3 id="{function.name}">{function.name}</h3><pre><code>{html.escape(declaration)}</code></pre>'
                       f"<p>{linked(function.text)}</p><dl>")
            out += [f"<dt><code>{html.escape(name)}</code></dt><dd>{linked(text)}</dd>" for name, text in function.parameters()]
            out += [f"<dt>{labels[tag]}</dt><dd>{linked(text)}</dd>" for tag, text in function.tags if tag in labels]
            out.append(f"</dl><pre><code>{html.escape(samples[function.name])}</code></pre>")
    return "\n".join(out)


def outcomes(header):
    def rows(*starts):
        return "<div class=wide><table><tr><th>name</th><th>number</th><th>meaning</th></tr>" + "".join(
            f"<tr><td><code>{name}</code></td><td>{number}</td><td>{linked(text)}</td></tr>\n"
            for name, number, text in header.constants if name.startswith(starts)) + "</table></div>"
    return ("<h1>Outcomes</h1><p>What <code>crux_code</code> returns, and the exit status of the command "
            "<code>crux</code>. Treat a number that you do not know as a failure like any other.</p>"
            + rows("CRUX_OK", "CRUX_PENDING", "CRUX_ERR_") + "<h2 id=phases>Phases of a tick</h2>" + rows("CRUX_PHASE_")
            + "<h2 id=json>Types of JSON</h2>" + rows("CRUX_JSON_") + "<h2 id=log>Levels of the log</h2>" + rows("CRUX_LOG_"))


def facts(header):
    """From the table of the library itself, if it has been built here; else the names that the header gives."""
    out = "<h1>Facts</h1><p>What a client or a response knows, asked for by name.</p>"
    for function in header.functions:
        if function.name in ("crux_info", "crux_number", "crux_copy"):
            names = next(text for name, text in function.parameters() if name in ("name", "what"))
            out += (f'<h2 id="{function.name}">{function.name}</h2><p>{linked(function.text)}</p><ul>'
                    + "".join(f"<li>{linked(part.strip())}</li>" for part in re.split(r"[,;] (?![^(]*\))", names))
                    + f'</ul><p><a href="reference.html#{function.name}">The function.</a></p>')
    table = fact_table()
    if table:
        out += "<h2 id=table>All facts</h2><div class=wide><table><tr><th>name</th><th>meaning</th></tr>" + "".join(
            f"<tr><td><code>{html.escape(name)}</code></td><td>{linked(text)}</td></tr>\n" for name, text in table) + "</table></div>"
    return out


def fact_table():
    built = [path for path in (ROOT / "target" / "debug" / "libcrux.so", ROOT / "target" / "made" / "libcrux.so") if path.exists()]
    if not built:
        return []
    library = ctypes.CDLL(str(max(built, key=lambda path: path.stat().st_mtime)))
    name, text, rows = ctypes.c_char_p(), ctypes.c_char_p(), []
    while library.crux_fact_at(ctypes.c_size_t(len(rows)), ctypes.byref(name), ctypes.byref(text)):
        rows.append((name.value.decode(), text.value.decode()))
    return rows


def check(folder):
    """Every link leads somewhere."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    ids = {name: set(re.findall(r'id="?([^"\s>]+)', text)) for name, text in pages.items()}
    dead = []
    for name, text in pages.items():
        for where in re.findall(r'href="([^"]+)"', text):
            if re.match(r"https?:|mailto:", where):
                continue
            page, _, part = html.unescape(where).partition("#")
            page = page or name
            if page != "style.css" and (page not in pages or (part and part not in ids[page])):
                dead.append(f"{name}: {where}")
    if dead:
        sys.exit("links that lead nowhere:\n" + "\n".join(dead))
    return len(pages)


def main():
    global NAMES
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.html"):
        old.unlink()
    header = Header()
    NAMES = {function.name for function in header.functions}
    sources = PAGES + [(source, title_of(source)) for source in LANGUAGES + MORE]
    pages = {target_of(source): (title, Page(source)) for source, title in sources}
    bodies = {name: (title, page.render()) for name, (title, page) in pages.items()}
    for _, page in pages.values():
        for name, file in page.images.items():
            shutil.copyfile(file, folder / name)
    for (name, title), make in zip(GENERATED, (reference, outcomes, facts)):
        bodies[name] = (title, make(header))
    order = ["index.html", "reference.html", "options.html", "outcomes.html", "facts.html"]
    order += [name for name in bodies if name not in order and name not in map(target_of, MORE)]
    for name, (title, body) in bodies.items():
        menu = "".join(f'<a href="{other}"{" class=here" if other == name else ""}>{html.escape(bodies[other][0])}</a>\n'
                       for other in order)
        (folder / name).write_text(
            f'<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
            f"<title>{html.escape(title)} - libcrux {version()}</title><link rel=stylesheet href=\"style.css\">"
            f"<body><nav><b>libcrux {version()}</b>{menu}</nav><main>{body}</main>", encoding="utf-8")
    (folder / "style.css").write_text(STYLE, encoding="utf-8")
    print(f"docs: {check(folder)} pages in {folder}")


if __name__ == "__main__":
    main()
