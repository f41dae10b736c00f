//! The server of the soak, in a process of its own, so that what it holds is not counted: echoes, tokens that end soon,
//! and one response in a hundred that is a fault.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use prove::fault::{Fault, Line};
use prove::origin::{Origin, Reply, Request, json, reply};
use sandbox::fault::{Cert, Tls};
use serde_json::{Value, json as value};

/// How long a token lives, and one of three, whatever was said of it.
const LIFE_S: f64 = 3.0;
const SHORT_LIFE_S: f64 = 0.5;

pub struct Server {
    process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
    pub urls: [String; 2],
    pub ca_pem: String,
}

impl Server {
    /// Starts this program again, as the server.
    pub fn start(seed: u64) -> Server {
        let program = std::env::current_exe().expect("a path of this program");
        let mut command = Command::new(program);
        command.args(["serve", &seed.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let asked = process.stdin.take().expect("a pipe");
        let told = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut server = Server { process, asked, told, urls: Default::default(), ca_pem: String::new() };
        let about = server.read();
        server.urls = ["plain", "tls"].map(|name| about[name].as_str().expect("a URL").to_owned());
        server.ca_pem = about["ca"].as_str().expect("a certificate").to_owned();
        server
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.told.read_line(&mut line).expect("the server speaks");
        serde_json::from_str(&line).expect("a document")
    }

    /// What it has counted so far.
    pub fn count(&mut self, of: &str) -> usize {
        writeln!(self.asked).expect("the server listens");
        self.read()[of].as_u64().expect("a number") as usize
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Site {
    since: Instant,
    lot: Mutex<fastrand::Rng>,
    logins: AtomicUsize,
    renewals: AtomicUsize,
    requests: AtomicUsize,
    faults: AtomicUsize,
    /// Requests that must not take effect twice, and did.
    repeated: AtomicUsize,
    taken: Mutex<HashSet<String>>,
}

impl Site {
    /// The token's own text says when it was made, and for how long it is good.
    fn log_in(&self) -> Reply {
        let number = self.logins.fetch_add(1, SeqCst);
        let life = if number % 3 == 2 { SHORT_LIFE_S } else { LIFE_S };
        let until = self.since.elapsed().as_secs_f64() + life;
        json("200 OK", &format!("{{\"token\":\"t-{until}\",\"expires_in\":{LIFE_S}}}"))
    }

    fn knows(&self, request: &Request) -> bool {
        let given = request.header("authorization").unwrap_or_default();
        let until = given.strip_prefix("Bearer t-").and_then(|text| text.parse::<f64>().ok());
        until.is_some_and(|until| self.since.elapsed().as_secs_f64() < until)
    }

    fn respond(&self, request: &Request) -> Reply {
        if request.path == "/login" {
            return self.log_in();
        }
        if !self.knows(request) {
            self.renewals.fetch_add(1, SeqCst);
            return json("401 Unauthorized", "{\"detail\":\"expired\"}");
        }
        self.requests.fetch_add(1, SeqCst);
        let lot = self.lot.lock().expect("a lot").u32(..300);
        self.faults.fetch_add(usize::from(lot < 3), SeqCst);
        if lot == 0 {
            return Reply::Stay(reply("503 Busy", "Retry-After: 0\r\n", b""));
        }
        // From here on it has taken effect, told or not.
        if request.method == "POST" && !self.taken.lock().expect("a set").insert(request.path.clone()) {
            self.repeated.fetch_add(1, SeqCst);
        }
        match lot {
            1 => Reply::Strike(Fault::Reset),
            2 => Reply::Strike(Fault::Stall),
            _ => {
                let start = format!("{} {} ", request.method, request.path);
                Reply::Stay(reply("200 OK", "", &[start.as_bytes(), &request.body].concat()))
            }
        }
    }
}

/// Serves until the asking process goes; each line that it sends is answered with the counts.
pub fn serve(seed: u64) {
    let site = Arc::new(Site {
        since: Instant::now(),
        lot: Mutex::new(fastrand::Rng::with_seed(seed)),
        logins: AtomicUsize::new(0),
        renewals: AtomicUsize::new(0),
        requests: AtomicUsize::new(0),
        faults: AtomicUsize::new(0),
        repeated: AtomicUsize::new(0),
        taken: Mutex::default(),
    });
    let tls = Tls::new(Cert::Good);
    let start = |line, tls| {
        let site = site.clone();
        Origin::start(line, tls, move |request| site.respond(request))
    };
    let (plain, secure) = (start(Line::Plain, None), start(Line::Inside, Some(&tls)));
    println!("{}", value!({"plain": plain.url(), "tls": secure.url(), "ca": tls.ca_pem}));
    for _ in std::io::stdin().lines() {
        let counts = [
            ("logins", &site.logins),
            ("renewals", &site.renewals),
            ("requests", &site.requests),
            ("faults", &site.faults),
            ("repeated", &site.repeated),
        ];
        let counts: serde_json::Map<_, _> =
            counts.iter().map(|(name, count)| ((*name).to_owned(), count.load(SeqCst).into())).collect();
        println!("{}", Value::from(counts));
    }
    // Its connections may still be open: they end with the process.
    std::process::exit(0);
}
