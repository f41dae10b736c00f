//! The sandbox from the command line: see `examples/sandbox.rs`.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::time::Duration;

use crate::server::route::Route;
use crate::{CREDENTIALS, Sandbox, crunch, crux, shop};

const USAGE: &str =
    "usage: sandbox [--http PORT] [--https PORT] [--ca FILE] [--run | --shop COMMAND ARGS...]";

#[derive(Default)]
struct Wishes {
    http: u16,
    https: u16,
    ca: Option<PathBuf>,
    run: Vec<String>,
    shop: bool,
}

/// Does what the command line says.
pub fn run(words: impl Iterator<Item = String>) -> ExitCode {
    match wishes(words) {
        Ok(Some(wishes)) => act(&wishes).unwrap_or_else(|error| {
            eprintln!("sandbox: {error}");
            ExitCode::FAILURE
        }),
        Ok(None) => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("sandbox: {problem}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// What the command line says; `None` if it asks for help.
fn wishes(mut words: impl Iterator<Item = String>) -> Result<Option<Wishes>, String> {
    let mut wishes = Wishes::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--http" => wishes.http = port(&value()?)?,
            "--https" => wishes.https = port(&value()?)?,
            "--ca" => wishes.ca = Some(value()?.into()),
            "--run" | "--shop" => {
                wishes.shop = word == "--shop";
                wishes.run = vec![value()?];
                wishes.run.extend(words.by_ref());
            }
            "--help" | "-h" => return Ok(None),
            _ => return Err(format!("{word} is not understood")),
        }
    }
    Ok(Some(wishes))
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text} is not a port"))
}

fn act(wishes: &Wishes) -> io::Result<ExitCode> {
    let sandbox = Sandbox::start_on(wishes.http, wishes.https, wishes.ca.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Some((command, arguments)) = wishes.run.split_first() else {
        announce(&sandbox)?;
        runtime.block_on(told_to_stop());
        return Ok(ExitCode::SUCCESS);
    };
    let mut shop = vec![];
    if wishes.shop {
        shop.push(("CRUX_BASE", format!("{}/", sandbox.http())));
        shop.extend([("CRUX_USER", shop::USER.into()), ("CRUX_PASSWORD", shop::PASSWORD.into())]);
    }
    let mut child = Command::new(command)
        .args(arguments)
        .env("CRUX_SANDBOX_HTTP", sandbox.http())
        .env("CRUX_SANDBOX_HTTPS", sandbox.https())
        .env("CRUX_SANDBOX_CA", sandbox.ca_file())
        .envs(shop)
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("{command}: {error}")))?;
    let status = runtime.block_on(async {
        tokio::select! {
            status = ended(&mut child) => status,
            () = told_to_stop() => Err(io::ErrorKind::Interrupted.into()),
        }
    });
    match status {
        Ok(status) => Ok(ExitCode::from(code(status))),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(error)
        }
    }
}

/// One fact a line, flushed, so that a script can read them while we run.
fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "http {}", sandbox.http())?;
    writeln!(out, "https {}", sandbox.https())?;
    writeln!(out, "ca {}", sandbox.ca_file().display())?;
    writeln!(out)?;
    writeln!(out, "Base URLs:")?;
    for (service, path) in [("crunch", "api"), ("crux-connect", "timp"), ("crux-connect", "api")] {
        writeln!(out, "  {service:<13} {}/{path}/  {}/{path}/", sandbox.http(), sandbox.https())?;
    }
    for (service, routes) in [("crunch", routes(crunch::routes())), ("crux-connect", routes(crux::routes()))]
    {
        writeln!(out, "\nRoutes of {service} below its base; {{}} stands for an id or a name:")?;
        for (path, methods) in routes {
            writeln!(out, "  {path:<46} {}", methods.join(" "))?;
        }
    }
    writeln!(out, "\nDemo credentials (synthetic, good for this sandbox only):")?;
    for (service, user, secret, remark) in CREDENTIALS {
        writeln!(out, "  {service:<13} {user:<19} {secret:<50} {remark}")?;
    }
    out.flush()
}

/// The methods of each path, in order of the paths.
fn routes(all: impl Iterator<Item = &'static Route>) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut paths: BTreeMap<_, Vec<_>> = BTreeMap::new();
    all.for_each(|route| paths.entry(route.path).or_default().push(route.method));
    paths
}

async fn ended(child: &mut Child) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The child's status; as a shell has it, 128 and the number of the signal that ended it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal as u8;
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
