//! nginx in front of the API server: TLS, gzip, a limit of the body, connections that it closes, an upstream that is down.

use std::ffi::c_void;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::ptr::null_mut;

use sandbox::fault::{Cert, Refusing, Tls};
use support::files::pattern;
use support::*;

use crate::api_server::{ApiServer, TOKEN};
use crate::started::{Started, found, on_a_free_port};

/// Two requests a connection, bodies of 64 KiB at most, and files that take their time after 100 KiB.
const CONFIGURATION: &str = "
daemon off;
master_process off;
error_log FOLDER/error.log;
pid FOLDER/pid;
events {}
http {
    access_log off;
    client_body_temp_path FOLDER/body;
    proxy_temp_path FOLDER/proxy;
    fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi;
    scgi_temp_path FOLDER/scgi;
    gzip on;
    gzip_proxied any;
    gzip_min_length 100;
    gzip_types application/json;
    client_max_body_size 64k;
    keepalive_requests 2;
    server {
        listen 127.0.0.1:PORT ssl;
        ssl_certificate FOLDER/leaf.pem;
        ssl_certificate_key FOLDER/leaf.key;
        location / { proxy_pass http://127.0.0.1:UPSTREAM; }
        location /api/down/ { proxy_pass http://127.0.0.1:DOWN; }
        location /files/ { alias FOLDER/files/; limit_rate_after 100k; limit_rate 200k; }
    }
}
";

pub struct WebServer {
    started: Started,
    folder: Folder,
    ca_pem: String,
    /// Where nothing listens; the port is held.
    _down: Refusing,
}

impl WebServer {
    /// None, after naming `what`, if there is no nginx.
    pub fn start(upstream: &ApiServer, what: &str) -> Option<WebServer> {
        let nginx = found("nginx", what)?;
        let folder = Folder::new();
        let tls = Tls::new(Cert::Good);
        folder.file("leaf.pem", tls.leaf_pem.as_bytes());
        folder.file("leaf.key", tls.leaf_key_pem().as_bytes());
        let down = Refusing::start();
        let root = folder.path("");
        let fill = |text: &str| {
            let text = text.replace("FOLDER", root.to_str().expect("a path in UTF-8").trim_end_matches('/'));
            text.replace("UPSTREAM", &upstream.port().to_string())
                .replace("DOWN", &down.address().port().to_string())
        };
        let started = on_a_free_port(|port| {
            let file =
                folder.file("nginx.conf", fill(CONFIGURATION).replace("PORT", &port.to_string()).as_bytes());
            let mut command = Command::new(&nginx);
            command.arg("-p").arg(&root).arg("-e").arg(folder.path("error.log")).arg("-c").arg(file);
            command
        });
        Some(WebServer { started, folder, ca_pem: tls.ca_pem, _down: down })
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.started.port)
    }

    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    fn client(&self, more: &[(&str, &str)]) -> Client {
        let base = format!("{}/api/", self.url());
        let own = [("base_url", base.as_str()), ("tls.ca_pem", self.ca_pem()), ("retry.max_wait_ms", "10")];
        Client::with(&[TOKEN, &own, more].concat()).expect(CRUX_OK)
    }

    /// A file below files/.
    fn serve(&self, name: &str, content: &[u8]) {
        let files = self.folder.path("files");
        fs::create_dir_all(&files).expect("a folder");
        fs::write(Path::new(&files).join(name), content).expect("a file");
    }
}

/// A tick that ends a download once something of it has come.
unsafe extern "C" fn enough(_: *mut c_void, _: i32, done: i64, _: i64) -> i32 {
    i32::from(done > 0)
}

#[test]
fn nginx_with_tls_gzip_and_a_limit_of_the_body() {
    let Some(upstream) = ApiServer::start("nginx before Django REST framework") else { return };
    let Some(nginx) = WebServer::start(&upstream, "nginx before Django REST framework") else { return };
    let me = nginx.client(&[]);

    let direct = Client::ready(&upstream.url(), &[]).get("api/large/").expect(CRUX_OK);
    let large = me.get("large/").expect(CRUX_OK);
    assert_eq!(large.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!((large.body() == direct.body(), large.json_count("")), (true, 10_000));
    assert!(large.number("received") < large.body().len() as i64 / 4, "{}", large.number("received"));

    // It ends every connection after two requests.
    for _ in 0..7 {
        me.get("things/").expect(CRUX_OK);
    }

    let file = upstream.file("small.csv", &pattern(60_000));
    let sent = me.upload(Some("uploads/"), Some("file"), &file, None).expect(CRUX_OK);
    assert_eq!(sent.json_int("/size"), 60_000);
    // A refusal that comes while the body is still being sent, and the connection with it.
    let file = upstream.file("large.csv", &pattern(8 << 20));
    let refused = me.upload(Some("uploads/"), Some("file"), &file, None).expect(CRUX_ERR_HTTP);
    assert_eq!(refused.status(), 413);
    assert!(refused.message().contains("too big for the server"), "{}", refused.message());
    assert!(String::from_utf8(refused.body()).unwrap().contains("nginx"));
    me.get("things/").expect(CRUX_OK);

    let down = me.get("down/").expect(CRUX_ERR_HTTP);
    assert_eq!((down.status(), down.number("attempts"), down.number("retryable")), (502, 4, 1));
    assert!(down.message().contains("502 Bad Gateway"), "{}", down.message());

    // A download that is resumed by range and validator, as nginx has them.
    nginx.serve("data.bin", &pattern(300_000));
    let link = format!("{}/files/data.bin", nginx.url());
    let target = nginx.folder.path("saved.bin");
    let call = me.call("GET", &link);
    assert_eq!(call.set("save", target.to_str().expect("a path in UTF-8")), CRUX_OK);
    assert_eq!(call.set("tick.every_ms", "10"), CRUX_OK);
    assert_eq!(unsafe { crux_call_tick(call.0, Some(enough), null_mut(), None) }, CRUX_OK);
    call.send().expect(CRUX_ERR_CANCELLED);
    let kept = fs::metadata(nginx.folder.path("saved.bin.part")).expect("what came").len();
    assert!((1..300_000).contains(&kept), "{kept}");
    let rest = me.download(&link, &target).expect(CRUX_OK);
    assert_eq!((rest.status(), rest.number("verified")), (206, 1));
    assert_eq!(fs::read(&target).unwrap(), pattern(300_000));
}

#[test]
fn nginx_is_known_by_its_authority_alone() {
    let Some(upstream) = ApiServer::start("nginx with TLS") else { return };
    let Some(nginx) = WebServer::start(&upstream, "nginx with TLS") else { return };
    let base = format!("{}/api/", nginx.url());
    let stranger = Client::with(&[TOKEN, &[("base_url", base.as_str())]].concat()).expect(CRUX_ERR_TLS);
    assert!(
        stranger.message().contains("authority that this computer does not know"),
        "{}",
        stranger.message()
    );
    // Plain HTTP at the port of TLS: nginx says so in a page.
    let plain = base.replace("https://", "http://");
    let plain = Client::with(&[TOKEN, &[("base_url", plain.as_str())]].concat());
    assert_eq!(
        (plain.code(), unsafe { crux_status(plain.0.cast()) }),
        (CRUX_ERR_AUTH, 400),
        "{}",
        plain.message()
    );
    assert!(plain.message().contains("HTTPS port"), "{}", plain.message());
}
