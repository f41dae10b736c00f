//! Canaries for every secret: a C program does what programs do, over HTTP, HTTPS, proxies with credentials and with a
//! client certificate. Nothing that it is told holds a canary, and once it has freed everything none is in its memory,
//! up to where rustls begins: what TLS has decrypted is rustls's own.
//!
//!     PROVE=short secrets

mod site;
mod ways;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use support::Folder;
use support::canary::{disguise, has_canary};
use support::program::{self, Build};

use ways::{Account, Lives, Servers, Sought, TOKEN, Way, option};

/// What programs do, and what servers do to them.
#[rustfmt::skip]
const STEPS: &[&str] = &[
    "GET:json", "POST:json", "stream:json", "start:json", "GET:cut", "GET:reset", "GET:redirect", "GET:away",
    "GET:busy", "GET:expired", "GET:error", "POST:error", "start:error", "GET:missing", "job:export", "login:refused",
    "login:cut", "login:broken", "GET:json",
];
/// Without these lines a program got nowhere, and would show nothing.
const NEEDED: [&str; 6] = [
    "client ended with 0",
    "json ended with 0",
    "start ended with 0",
    "job ended with 0",
    "save ended with 0",
    "log 4:",
];
const RUNS_AT_ONCE: usize = 4;

/// What was found, of all runs.
#[derive(Default)]
struct Tally {
    runs: usize,
    texts: usize,
    /// Copies of secrets that were in memory while they were needed.
    needed: usize,
    /// Copies that TLS has left of what it decrypted, or that were in bodies of the program's.
    decrypted: usize,
    wrong: Vec<String>,
}

/// What the program is told to do.
fn words(way: &Way, account: &Account, secrets: &[Sought], base: &str, folder: &Folder) -> Vec<String> {
    let common = [
        ("service", "custom"),
        ("base_url", base),
        ("retry.max", "1"),
        ("retry.max_wait_ms", "1"),
        ("job.status_pointer", "/status"),
        ("job.done", "done"),
    ];
    let file = folder.file(&format!("{} with {}.csv", way.name, account.name), b"a,b\n1,2\n");
    let (from, to) = (file.display(), file.with_extension("json"));
    let steps = STEPS.iter().filter(|step| account.logs_in || !step.starts_with("login:"));
    let mut words: Vec<_> =
        secrets.iter().map(|secret| format!("secret:{}", disguise(&secret.bytes))).collect();
    words.extend(common.iter().map(|(key, value)| option(key, value)));
    words.extend(way.options.iter().chain(&account.options).cloned());
    words.extend(steps.map(|step| (*step).to_owned()));
    words.extend([format!("upload:{from}"), format!("save:{}", to.display())]);
    words
}

/// Runs the program on one way with one account, and judges what it tells.
fn run(program: &Path, way: &Way, account: &Account, folder: &Folder) -> Tally {
    let origin = site::start(way.tls, way.echoes);
    let mut secrets = [&way.secrets[..], &account.secrets].concat();
    if account.logs_in {
        let lives = if way.tls.is_some() { Lives::AfterTls } else { Lives::WithClient };
        secrets.push(Sought::new("token", TOKEN, lives));
    }
    let words = words(way, account, &secrets, &(origin.url() + "/"), folder);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = program::run(program, &words, &[]).expect(0).out;

    let mut wrong = Vec::new();
    let (counts, texts): (Vec<&str>, Vec<&str>) = output.lines().partition(|line| line.starts_with("= "));
    // What a server puts into a header is the program's, as its body is.
    let shown = texts.iter().filter(|text| !way.echoes || !text.starts_with("header "));
    let leaks = shown.filter(|text| has_canary(text) || secrets.iter().any(|secret| secret.is_in(text)));
    wrong.extend(leaks.map(|text| format!("shows {text}")));
    let missing = NEEDED.iter().filter(|needed| !texts.iter().any(|text| text.starts_with(*needed)));
    wrong.extend(missing.map(|needed| format!("no {needed:?} in {output}")));
    if counts.len() != secrets.len() {
        wrong.push(format!("{} counts of {} secrets", counts.len(), secrets.len()));
    }
    let (mut needed, mut decrypted) = (0, 0);
    for (Sought { name, lives, .. }, line) in secrets.iter().zip(&counts) {
        let numbers: Vec<usize> = line[2..].split(' ').map(|word| word.parse().expect("a number")).collect();
        needed += numbers[0];
        if *lives != Lives::InPassing && numbers[0] == 0 {
            wrong.push(format!("the {name} is not found while it is needed"));
        }
        if *lives == Lives::AfterTls || way.echoes {
            decrypted += numbers[1];
        } else if numbers[1] > 0 {
            wrong.push(format!("{} copies of the {name} are left", numbers[1]));
        }
    }
    let wrong = wrong.iter().map(|why| format!("{} with {}: {why}", way.name, account.name)).collect();
    Tally { runs: 1, texts: texts.len(), needed, decrypted, wrong }
}

fn main() -> ExitCode {
    let (servers, folder, accounts) = (Servers::start(), Folder::new(), ways::accounts());
    let own = std::env::current_exe().expect("a path of this program");
    let source = program::project("tests/prove/secrets.c");
    let build = Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]);
    let program = build.build(&own.with_file_name("prove-secrets"), &[source]);
    let ways = servers.ways(&folder);
    let pairs: Vec<_> =
        ways.iter().flat_map(|way| accounts.iter().map(move |account| (way, account))).collect();
    let (next, total) = (AtomicUsize::new(0), Mutex::<Tally>::default());
    std::thread::scope(|scope| {
        for _ in 0..RUNS_AT_ONCE {
            scope.spawn(|| {
                while let Some((way, account)) = pairs.get(next.fetch_add(1, SeqCst)) {
                    let found = run(&program, way, account, &folder);
                    let mut total = total.lock().unwrap();
                    total.runs += found.runs;
                    total.texts += found.texts;
                    total.needed += found.needed;
                    total.decrypted += found.decrypted;
                    total.wrong.extend(found.wrong);
                }
            });
        }
    });
    let mut tally = total.into_inner().unwrap();
    tally.wrong.extend(servers.unused());
    tally.wrong.iter().take(40).for_each(|why| println!("{why}"));
    prove::verdict(
        tally.wrong.len(),
        &format!(
            "{} runs on {} ways with {} accounts: {} sentences, log lines, facts and headers without a secret; {} copies \
             of secrets in memory while they were needed, {} faults found; afterwards only {} copies that TLS had \
             decrypted, or a server had echoed to the program",
            tally.runs,
            ways.len(),
            accounts.len(),
            tally.texts,
            tally.needed,
            tally.wrong.len(),
            tally.decrypted,
        ),
    )
}
