//! Routes are rows of data; this finds the row.

use crate::server::call::{Call, Generation};
use crate::server::reply::{Outcome, Reply};
use crate::server::world::World;
use crate::server::{generic, s3};
use crate::{crunch, crux, shop};

pub type Handler = fn(&mut World, &Call) -> Outcome;

/// What may be in the body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    Multipart,
    /// The handler looks for itself.
    Any,
}

/// One row. `{}` in the path stands for one segment that is not empty.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub run: Handler,
    /// Needs no token.
    pub open: bool,
    /// The permissions the caller must hold.
    pub needs: &'static [&'static str],
    /// The only type of organisation that may call it.
    pub only: Option<&'static str>,
    pub generations: &'static [Generation],
    pub media: Media,
}

pub const EVERY: &[Generation] = &[Generation::Seed, Generation::V1, Generation::Timp];
pub const SEED: &[Generation] = &[Generation::Seed];
pub const LATER: &[Generation] = &[Generation::V1, Generation::Timp];
pub const BEFORE_TIMP: &[Generation] = &[Generation::Seed, Generation::V1];
pub const TIMP: &[Generation] = &[Generation::Timp];

pub const fn route(method: &'static str, path: &'static str, run: Handler) -> Route {
    Route { method, path, run, open: false, needs: &[], only: None, generations: EVERY, media: Media::Json }
}

impl Route {
    pub const fn open(mut self) -> Route {
        self.open = true;
        self
    }

    pub const fn needs(mut self, permissions: &'static [&'static str]) -> Route {
        self.needs = permissions;
        self
    }

    pub const fn only(mut self, org_type: &'static str) -> Route {
        self.only = Some(org_type);
        self
    }

    pub const fn among(mut self, generations: &'static [Generation]) -> Route {
        self.generations = generations;
        self
    }

    pub const fn media(mut self, media: Media) -> Route {
        self.media = media;
        self
    }

    fn params(&self, path: &str) -> Option<Vec<String>> {
        let mut params = Vec::new();
        let mut sent = path.split('/');
        for expected in self.path.split('/') {
            let segment = sent.next()?;
            if expected == "{}" && !segment.is_empty() {
                params.push(segment.to_string());
            } else if expected != segment {
                return None;
            }
        }
        sent.next().is_none().then_some(params)
    }
}

/// The rows of one path.
#[derive(Default)]
pub struct Found {
    pub route: Option<&'static Route>,
    pub params: Vec<String>,
    /// The methods of the path; empty if there is no such path.
    pub allow: String,
    /// Whether any row of the path can do without a token.
    pub open: bool,
}

/// Finds the row. An exact path wins over one with placeholders, as long as it stands before it.
pub fn find(routes: impl Iterator<Item = &'static Route>, method: &str, path: &str) -> Found {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut found = Found::default();
    let mut pattern = None;
    for route in routes {
        let Some(params) = route.params(path) else {
            continue;
        };
        if *pattern.get_or_insert(route.path) != route.path {
            continue;
        }
        if route.method == method && found.route.is_none() {
            found.route = Some(route);
            found.params = params;
        }
        found.open |= route.open;
        let methods = if route.method == "GET" { "GET, HEAD" } else { route.method };
        let comma = if found.allow.is_empty() { "" } else { ", " };
        found.allow = format!("{}{comma}{methods}", found.allow);
    }
    found
}

/// The response to anything but a control.
pub fn dispatch(world: &mut World, call: &mut Call) -> Reply {
    let path = call.path.clone();
    let first = path.split('/').nth(1).unwrap_or("");
    match first {
        "_s3" => s3::respond(world, call),
        "echo" | "bytes" | "chunks" | "status" | "redirect" | "depot" => generic::respond(call, first),
        place if shop::PLACES.contains(&place) => shop::respond(world, call, place),
        "timp" => crux::respond(world, call, Generation::Timp, &path["/timp".len()..]),
        "api" => {
            let rest = &path["/api".len()..];
            if crux::is_ours(call, rest) {
                crux::respond(world, call, Generation::Seed, rest)
            } else {
                crunch::respond(world, call, rest)
            }
        }
        _ => crux::respond(world, call, Generation::V1, &path),
    }
}
