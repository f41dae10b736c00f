#!/usr/bin/env python3
"""The manual page libcrux(3), made from the header.

    packaging/manual.py            fails if packaging/libcrux.3 is not what the header says
    packaging/manual.py --write    writes it
"""
import re
import sys

from header import ROOT, Header

KEPT = ROOT / "packaging" / "libcrux.3"

ABOVE = r'''.\" Made from include/crux.h by packaging/manual.py ("make manual").
.TH LIBCRUX 3 "" "libcrux @VERSION@" "Library Functions"
.SH NAME
libcrux \- client of token-authenticated REST APIs
.SH SYNOPSIS
.nf
.B #include <crux.h>
.PP
.BI "crux_client *crux_login(const char *" service ", const char *" base_url ","
.BI "                        const char *" user ", const char *" secret );
.BI "crux_response *crux_request(const crux_client *" client ", const char *" method ","
.BI "                            const char *" path ", const void *" body ", ptrdiff_t " body_len );
.BI "int32_t crux_code(const void *" object );
.BI "const char *crux_message(const void *" object );
.BI "const char *crux_body(const void *" object ", size_t *" length );
.BI "void crux_free(void *" object );
.PP
cc program.c $(pkg-config \-\-cflags \-\-libs crux)
.fi
.SH DESCRIPTION
libcrux logs in once to a token-authenticated REST API and then calls it, correctly, for as long as the program
runs. Some services are built in; options describe any similar one.
.PP
The header is the full manual: @INCLUDEDIR@/crux.h. The pages of @DOCDIR@ list all options and describe the ABI
promise; complete programs are in its folder examples.
'''

BELOW = r'''.SH EXAMPLE
.nf
%s
.fi
.SH ENVIRONMENT
Nothing is read unless
.B crux_options_env
is called; the proxy variables and SSL_CERT_FILE are read as by other programs.
.SH SEE ALSO
.BR crux (1)
'''


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(['.])", r"\\&\1", text, flags=re.M)


def page():
    header = Header()
    lines = [re.sub(r"^ \* ?", "", line) for line in header.opening.splitlines()]
    text = "\n".join(lines)
    code = "\n".join(line[4:] for line in lines if line.startswith("    "))
    rules = text.split("Rules of the whole header", 1)[1].split("This file is made", 1)[0].strip()
    made = ABOVE + ".SS Rules of all functions\n" + escaped(rules) + "\n"
    for chapter in header.chapters:
        made += f".SS {escaped(chapter)}\n"
        for function in header.functions:
            if function.chapter == chapter:
                made += f".TP\n.B {function.name}\n{escaped(function.summary())}\n"
    made += ".SH OUTCOMES\nThe numbers that\n.B crux_code\nreturns.\n"
    for name, number, meaning in header.constants:
        if name.startswith("CRUX_ERR_") or name in ("CRUX_OK", "CRUX_PENDING"):
            made += f".TP\n.BR {name} \" ({escaped(number)})\"\n{escaped(meaning)}\n"
    return made + BELOW % escaped(code)


def main():
    made = page()
    if "--write" in sys.argv[1:]:
        KEPT.write_text(made, encoding="utf-8")
    elif not KEPT.exists() or KEPT.read_text(encoding="utf-8") != made:
        sys.exit("packaging/libcrux.3 is not what the header says: run \"make manual\"")


if __name__ == "__main__":
    main()
