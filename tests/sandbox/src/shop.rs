//! The service of `bindings/cases.json` and of the tours: one that no table names, so that clients take it as
//! `custom`. One account, a list of things in pages, a job, a file, an upload; everything but `/login` wants the token.

use std::time::Duration;

use serde_json::{Value, json};

use crate::server::call::{Call, unescape};
use crate::server::reply::{Payload, Reply};
use crate::server::s3;
use crate::server::world::World;

/// The first segments of its paths.
pub const PLACES: [&str; 7] = ["login", "things", "jobs", "files", "upload", "slow", "drip"];

pub const USER: &str = "zoë@example.com";
pub const PASSWORD: &str = "пароль \"1\"";
pub const TOKEN: &str = "tok-7d1c";

const NAMES: [&str; 7] = ["Ärmel \"0\"", "Bluse", "Čepice", "Dirndl", "Écharpe", "Frack", "Γάντι"];

/// How long `/slow/` thinks.
const SLOW: Duration = Duration::from_secs(5);

/// What the shop remembers.
pub struct Shop {
    things: Vec<(u64, String)>,
    /// How often each job was asked after.
    polls: Vec<u64>,
}

impl Default for Shop {
    fn default() -> Shop {
        let things = (0..).zip(NAMES.map(str::to_string)).collect();
        Shop { things, polls: Vec::new() }
    }
}

pub fn respond(world: &mut World, call: &Call, place: &str) -> Reply {
    if place == "login" {
        let said = call.json().unwrap_or_default();
        return match said["username"] == USER && said["password"] == PASSWORD {
            true => Reply::json(200, &json!({ "token": TOKEN })),
            false => Reply::detail(401, "Wrong name or password."),
        };
    }
    if call.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return Reply::detail(401, "No token.");
    }
    let shop = &mut world.shop;
    let rest: Vec<&str> = call.path.split('/').skip(2).collect();
    match (call.method.as_str(), place, &*rest) {
        ("GET", "things", [""]) => shop.list(call),
        ("POST", "things", [""]) => shop.make(call),
        ("GET" | "HEAD", "things", ["by-name", name, ""]) => {
            Reply::detail(404, &format!("No thing is called {}.", unescape(name)))
        }
        (method, "things", [id, ""]) => shop.one(method, id.parse().ok()),
        ("POST", "jobs", [""]) => {
            shop.polls.push(0);
            let progress = format!("/jobs/{}/progress/", shop.polls.len() - 1);
            Reply::json(202, &json!({ "value": progress })).header("location", "/files/out.bin")
        }
        ("GET", "jobs", [id, "progress", ""]) => shop.progress(id.parse().ok()),
        ("GET" | "HEAD", "files", ["out.bin"]) => file(call),
        ("POST", "upload", [""]) => upload(call),
        ("GET", "slow", [""]) => {
            let mut reply = Reply::json(200, &json!({}));
            reply.delay = SLOW;
            reply
        }
        ("GET", "drip", [count]) => {
            let mut reply = Reply::empty(200).header("content-type", "application/octet-stream");
            reply.payload = Payload::drip(count.parse().unwrap_or(0));
            reply
        }
        _ => Reply::detail(404, "Not found."),
    }
}

fn shown(id: u64, name: &str) -> Value {
    json!({ "id": id, "name": name, "url": format!("./{id}/") })
}

impl Shop {
    fn list(&self, call: &Call) -> Reply {
        let number = |name, otherwise| {
            let given = call.query_value(name).and_then(|value| value.parse().ok());
            given.unwrap_or(otherwise)
        };
        let (offset, limit): (usize, usize) = (number("offset", 0), number("limit", 3));
        let end = offset.saturating_add(limit);
        let next = (end < self.things.len())
            .then(|| format!("{}/things/?limit={limit}&offset={end}", call.origin()));
        let page = self.things.iter().skip(offset).take(limit);
        let results: Vec<Value> = page.map(|(id, name)| shown(*id, name)).collect();
        Reply::json(200, &json!({ "count": self.things.len(), "results": results, "next": next }))
    }

    fn make(&mut self, call: &Call) -> Reply {
        let Some(name) = call.object().get("name").and_then(Value::as_str).map(str::to_string) else {
            return Reply::field("name", "This field is required.");
        };
        let id = self.things.last().map_or(0, |(id, _)| id + 1);
        let reply = Reply::json(201, &shown(id, &name));
        self.things.push((id, name));
        reply.header("location", &format!("/things/{id}/"))
    }

    fn one(&mut self, method: &str, id: Option<u64>) -> Reply {
        let found = self.things.iter().position(|(known, _)| Some(*known) == id);
        match (method, found) {
            ("DELETE", _) => {
                found.map(|at| self.things.remove(at));
                Reply::empty(204)
            }
            (_, Some(at)) => Reply::json(200, &shown(self.things[at].0, &self.things[at].1)),
            (_, None) => Reply::detail(404, "No such thing."),
        }
    }

    fn progress(&mut self, id: Option<usize>) -> Reply {
        let Some(polls) = id.and_then(|id| self.polls.get_mut(id)) else {
            return Reply::detail(404, "No such job.");
        };
        *polls += 1;
        let percent = (50 * *polls).min(100);
        Reply::json(200, &json!({ "value": { "progress": percent, "message": "working" } }))
    }
}

/// 1 MiB: the bytes 0 to 255, again and again.
fn file(call: &Call) -> Reply {
    let bytes: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    s3::ranged(call, &Payload::Bytes(bytes.into()), "\"out-1\"")
}

/// The first part that is a file.
fn upload(call: &Call) -> Reply {
    let Some(Ok(parts)) = &call.parts else {
        return Reply::detail(400, "Multipart is wanted.");
    };
    match parts.iter().find(|part| part.filename.is_some()) {
        Some(part) => Reply::json(201, &json!({ "name": part.filename, "size": part.length })),
        None => Reply::detail(400, "A file is wanted."),
    }
}
