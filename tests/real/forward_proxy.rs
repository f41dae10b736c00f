//! tinyproxy with Basic: HTTP is forwarded, HTTPS goes through CONNECT, and a wrong password is named.

use std::process::Command;

use support::*;

use crate::api_server::{ApiServer, TOKEN};
use crate::started::{Started, found, on_a_free_port};
use crate::web_server::WebServer;

fn start(folder: &Folder, what: &str) -> Option<Started> {
    let tinyproxy = found("tinyproxy", what)?;
    Some(on_a_free_port(|port| {
        let log = folder.path("proxy.log");
        let lines = format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 60\nLogFile \"{}\"\nLogLevel Info\nBasicAuth grace pa55word\n",
            log.display()
        );
        let mut command = Command::new(&tinyproxy);
        command.arg("-d").arg("-c").arg(folder.file("proxy.conf", lines.as_bytes()));
        command
    }))
}

#[test]
fn tinyproxy_with_basic_forwards_and_tunnels() {
    const WHAT: &str = "tinyproxy with Basic";
    let Some(upstream) = ApiServer::start(WHAT) else { return };
    let Some(nginx) = WebServer::start(&upstream, WHAT) else { return };
    let folder = Folder::new();
    let Some(proxy) = start(&folder, WHAT) else { return };
    let through = |user: &str| format!("http://{user}127.0.0.1:{}", proxy.port);
    let (http, https) = (format!("{}/api/", upstream.url()), format!("{}/api/", nginx.url()));
    let client = |base: &str, proxy: &str| {
        let more = [
            ("base_url", base),
            ("proxy", proxy),
            ("tls.ca_pem", nginx.ca_pem()),
            ("retry.max", "0"),
            ("no_proxy", "nowhere.test"),
        ];
        Client::with(&[TOKEN, &more].concat())
    };
    for base in [&http, &https] {
        let me = client(base, &through("grace:pa55word@")).expect(CRUX_OK);
        for _ in 0..3 {
            assert_eq!(me.get("things/").expect(CRUX_OK).json_int("/count"), 25, "{base}");
        }
        let made = me.request("POST", "things/", Some(r#"{"name": "", "count": 1}"#)).expect(CRUX_ERR_HTTP);
        assert_eq!(made.status(), 400);
        // It forwards nothing for a wrong password, and gives its own 401 in place of the response.
        let refused = client(base, &through("grace:hidden@"));
        let (code, message) = (refused.code(), refused.message());
        assert_eq!(code, if base == &http { CRUX_ERR_AUTH } else { CRUX_ERR_CONNECT }, "{message}");
        let place = format!("proxy 127.0.0.1:{}", proxy.port);
        assert!(
            message.contains(&place) && message.contains("401") && !message.contains("hidden"),
            "{message}"
        );
        let refused = client(base, &through("")).expect(CRUX_ERR_CONNECT);
        let message = refused.message();
        assert!(message.contains("407") && message.contains("option \"proxy\""), "{message}");
    }
    let log = std::fs::read(folder.path("proxy.log")).expect("its log");
    let log = String::from_utf8_lossy(&log).into_owned();
    assert!(log.contains("CONNECT localhost:") && log.contains("/api/things/"), "{log}");
}
