"""`python -m libcrux METHOD PATH`: one request from the command line.

Address and credentials come from the environment (CRUX_API or CRUX_BASE, CRUX_TOKEN, or CRUX_USER and CRUX_PASSWORD;
or the names that a service's own tools use).
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

import libcrux


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m libcrux", description="Sends one request and prints the body.")
    parser.add_argument("method", help="such as GET or POST")
    parser.add_argument("path", help='below the base: "users/"')
    parser.add_argument("body", nargs="?", help="the JSON to send; - reads it from standard input")
    parser.add_argument("--service", help="a built-in service such as crunch, or custom")
    parser.add_argument("--account", help="a name that is added to each variable of the environment")
    parser.add_argument("--base", default=os.environ.get("CRUX_BASE"), help="where the API lives")
    parser.add_argument("-o", "--output", metavar="FILE", help="saves the body in a file")
    parser.add_argument("-i", "--include", action="store_true", help="prints status and headers as well")
    parser.add_argument("--wait", action="store_true", help="waits for the job that the request starts")
    parser.add_argument("--all", action="store_true", help="prints all pages of a list")
    parser.add_argument("--version", action="version", version=f"libcrux {libcrux.__version__}")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0, or the code of the error."""
    asked = _arguments().parse_args(arguments)
    if asked.output and asked.method != "GET":
        _arguments().error("-o saves what a GET brings")
    service = asked.service or ("custom" if asked.base else None)
    request: Any = {}
    if asked.wait:
        request["wait"] = True
    try:
        if asked.body is not None:
            text = sys.stdin.read() if asked.body == "-" else asked.body
            request.update(body=text, content_type="application/json")
        with libcrux.from_env(asked.account, service=service, base_url=asked.base) as client:
            if asked.output:
                client.download(asked.path, asked.output, **request)
            elif asked.all:
                for page in client.pages(asked.path, asked.method, **request):
                    _show(page, asked.include)
            else:
                _show(client.request(asked.method, asked.path, **request), asked.include)
    except libcrux.Error as error:
        print(error, file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _show(response: libcrux.Response, include: bool) -> None:
    out = sys.stdout.buffer
    if include:
        head = "".join(f"{name}: {value}\n" for name, value in response.headers.pairs)
        out.write(f"{response.status}\n{head}\n".encode())
    out.write(response.body)
    if sys.stdout.isatty() and not response.body.endswith(b"\n"):
        out.write(b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
