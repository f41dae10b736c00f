"""nginx on loopback, with everything it needs in one temporary folder: certificates, files, ports. Beside it a server
whose responses have one header, fewer than nginx can send.

As a program it runs a command beside it: server.py COMMAND..., with CRUX_BASE set to where its files are.
"""

import gzip
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

SMALL = json.dumps({"id": "0f3a", "name": "x" * 200, "tags": ["a", "b"], "count": 12345, "open": True, "next": None})
SMALL += " " * (312 - len(SMALL))

# What real services send beside the five headers of nginx: two of these make seven, all of them twenty.
MORE_HEADERS = [
    ("ETag", '"33a64df551425fcc55e4d42a148795d9f25f89d4"'),
    ("Vary", "Accept, Accept-Encoding, Cookie, Origin"),
    ("Allow", "GET, HEAD, OPTIONS, POST"),
    ("Cache-Control", "private, max-age=0, must-revalidate"),
    ("Content-Language", "en"),
    ("Content-Security-Policy", "upgrade-insecure-requests"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Strict-Transport-Security", "max-age=31536000, includeSubDomains"),
    ("Via", "1.1 0123456789abcdef.cdn.example"),
    ("X-Amz-Cf-Id", "cjvzUWVnk2Yf5mUC8DnPRZCm0dEzqPSpfYWRMjDL3xG0NSgEj0SXnw=="),
    ("X-Cache", "Miss from cdn"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Request-Id", "7b0c7a52-5a3d-4f6e-9a38-1f1f0d7f7c55"),
]


def with_headers(count):
    """A place of nginx whose responses have so many headers."""
    added = " ".join(f"add_header {name} '{value}';" for name, value in MORE_HEADERS[: count - 5])
    return f"location = /api/headers/{count} {{ default_type application/json; {added} return 200 '{SMALL}'; }}"


PLACES = """
    root {folder}/files;
    default_type application/octet-stream;
    location = /api/small {{ default_type application/json; return 200 '{small}'; }}
    {seven}
    {twenty}
    location = /api/text.json {{ gzip_static on; default_type application/json; }}
    location /api/put/ {{ dav_methods PUT; create_full_put_path on; }}
    location = /api/post/x {{ proxy_pass http://127.0.0.1:{port}/api/small; proxy_pass_request_body off; proxy_method GET;
      proxy_set_header Content-Length ""; }}
"""

CONFIG = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; server_tokens off;
  keepalive_requests 1000000000; keepalive_timeout 3600s; client_max_body_size 0; client_body_buffer_size 64k;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ application/json json; }}
  ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem; ssl_protocols TLSv1.3;
  server {{ {listen_http} {places} }}
  server {{ {listen_tls} ssl_session_cache shared:SSL:10m; {places} }}
  server {{ {listen_full} ssl_session_cache off; ssl_session_tickets off; {places} }}
}}
"""


class Bare(threading.Thread):
    """Sends responses whose only header is their length."""

    def __init__(self, core):
        super().__init__(daemon=True)
        self.core = core
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://localhost:{self.listener.getsockname()[1]}/api/"

    def run(self):
        if self.core is not None:
            os.sched_setaffinity(0, {self.core})
        reply = f"HTTP/1.1 200 OK\r\nContent-Length: {len(SMALL)}\r\n\r\n{SMALL}".encode()
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # A request without a body comes in one piece.
                while connection.recv(65536):
                    connection.sendall(reply)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def make_certificates(folder):
    """A CA and a certificate of it for localhost: a certificate that signs itself is refused by some."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    openssl("req", "-x509", *key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=Bench CA")
    openssl("req", *key[:-2], "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost")
    with open(f"{folder}/extensions", "w") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    signing = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "30"]
    openssl("x509", "-req", "-in", "request.pem", *signing, "-extfile", "extensions", "-out", "cert.pem")
    # libcurl reads the system's roots at its start as libcrux does, and ours with them.
    with open(f"{folder}/roots.pem", "wb") as file:
        system = "/etc/ssl/certs/ca-certificates.crt"
        if os.path.exists(system):
            file.write(open(system, "rb").read())
        file.write(open(f"{folder}/ca.pem", "rb").read())


def make_files(folder):
    api = f"{folder}/files/api"
    os.makedirs(f"{api}/put")
    dice = random.Random(1)
    words = [f"word{n}" for n in range(2000)]
    rows = []
    while len(rows) * 82 < 1 << 20:
        rows.append({"id": dice.randrange(1 << 30), "name": dice.choice(words), "share": round(dice.random(), 6)})
    text = json.dumps({"rows": rows}).encode()[: 1 << 20].ljust(1 << 20)
    with open(f"{api}/text.json", "wb") as file:
        file.write(text)
    with gzip.GzipFile(f"{api}/text.json.gz", "wb", mtime=os.stat(f"{api}/text.json").st_mtime) as file:
        file.write(text)
    with open(f"{api}/mib.bin", "wb") as file:
        file.write(dice.randbytes(1 << 20))
    with open(f"{api}/huge.bin", "wb") as file:
        file.truncate(256 << 20)


class Server:
    """Started by `with`; `core` pins it."""

    def __init__(self, core=None):
        self.core = core

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bench-")
        make_certificates(self.folder)
        make_files(self.folder)
        for _ in range(5):
            if self.start():
                self.bare = Bare(self.core)
                self.bare.start()
                self.bases["bare"] = self.bare.base
                return self
        log = open(f"{self.folder}/error.log").read()
        shutil.rmtree(self.folder)
        raise SystemExit(f"nginx does not start:\n{log}")

    def start(self):
        def listen(port, more=""):
            six = f"listen [::1]:{port}{more};" if has_ipv6() else ""
            return f"listen 127.0.0.1:{port}{more}; {six}"

        ports = [free_port() for _ in range(3)]
        config = CONFIG.format(
            folder=self.folder,
            listen_http=listen(ports[0]),
            listen_tls=listen(ports[1], " ssl"),
            listen_full=listen(ports[2], " ssl"),
            places=PLACES.format(
                folder=self.folder, small=SMALL, port=ports[0], seven=with_headers(7), twenty=with_headers(20)
            ),
        )
        with open(f"{self.folder}/nginx.conf", "w") as file:
            file.write(config)
        self.http = f"http://localhost:{ports[0]}/api/"
        self.https = f"https://localhost:{ports[1]}/api/"
        self.full = f"https://localhost:{ports[2]}/api/"
        self.bases = {"http": self.http, "https": self.https, "full": self.full}
        pin = (lambda: os.sched_setaffinity(0, {self.core})) if self.core is not None else None
        nginx = ["nginx", "-p", self.folder, "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf"]
        self.process = subprocess.Popen(nginx, stdin=subprocess.DEVNULL, preexec_fn=pin)
        for _ in range(100):
            if self.process.poll() is not None:
                return False
            try:
                socket.create_connection(("127.0.0.1", ports[2]), 1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def __exit__(self, *_):
        self.bare.stop()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


if __name__ == "__main__":
    with Server() as web:
        status = subprocess.run(sys.argv[1:], env={**os.environ, "CRUX_BASE": web.http}).returncode
    sys.exit(status)
