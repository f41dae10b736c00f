//! Login, logout, users and API keys of Crunch, and what it tells the public.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::crunch::sources::id_of;
use crate::crunch::{bad, catalog, conflict, entity, forbidden, invalid, link, missing, unauthorized, view};
use crate::server::call::Call;
use crate::server::data::{API_KEY, API_KEY_OAUTH, COMPANIES, Kind, PEOPLE, START, hex_id, nth};
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

const YEAR: u64 = 31_536_000;

pub const ROUTES: &[Route] = &[
    route("GET", "/public/", public).open(),
    route("GET", "/public/login/", method).open(),
    route("POST", "/public/login/", login).open(),
    route("GET", "/public/config/", config).open(),
    route("POST", "/public/password_reset/", reset).open(),
    route("GET", "/logout/", logout),
    route("GET", "/users/", users),
    route("GET", "/account/users/", users),
    route("GET", "/users/{}/", user),
    route("POST", "/users/{}/password/", change_password),
    route("GET", "/users/{}/password_reset/", reset_user),
    route("POST", "/users/{}/password_reset/", reset_user),
    route("POST", "/users/{}/change_email/", change_email),
];

pub struct User {
    email: String,
    password: String,
    oauth: bool,
    pub api_access: bool,
    pub key: Option<Key>,
}

pub struct Key {
    pub id: String,
    pub name: String,
    pub secret: String,
    pub created: u64,
}

pub struct Accounts {
    users: Vec<User>,
    /// Token to e-mail. These do not grow old; they end when they are told to.
    sessions: HashMap<String, String>,
}

impl Accounts {
    pub fn new() -> Accounts {
        let user = |email: &str, password: &str, secret: Option<&str>| User {
            email: email.into(),
            password: password.into(),
            oauth: password.is_empty(),
            api_access: secret.is_some(),
            key: secret.map(|secret| Key {
                id: hex_id(Kind::ApiKey, secret.len() + email.len()),
                name: "密钥".into(),
                secret: secret.into(),
                created: START,
            }),
        };
        let users = vec![
            user("grace@example.com", "battery staple", Some(API_KEY)),
            user("olga@example.com", "", Some(API_KEY_OAUTH)),
            user("pavel@example.com", "no api here", None),
        ];
        Accounts { users, sessions: HashMap::new() }
    }

    fn get(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email == email)
    }

    pub fn get_mut(&mut self, email: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.email == email)
    }

    pub fn revoke(&mut self) {
        self.sessions.clear();
    }

    /// The name that goes with an e-mail.
    pub fn name(&self, email: &str) -> String {
        let n = self.users.iter().position(|user| user.email == email).unwrap_or(0);
        let (first, last) = nth(PEOPLE, n + 3);
        format!("{first} {last}")
    }

    /// Makes a user who has no password yet, unless there is one of this e-mail.
    pub fn invite(&mut self, email: &str) {
        if self.get(email).is_none() {
            let (email, password) = (email.into(), String::new());
            self.users.push(User { email, password, oauth: false, api_access: false, key: None });
        }
    }

    /// A password set for an OAuth user is the secondary one: the login lets it in from then on.
    pub fn set_password(&mut self, email: &str, password: &str) -> bool {
        self.get_mut(email).map(|user| user.password = password.into()).is_some()
    }
}

/// Identifiers follow from the e-mail: users are few and never renamed.
pub fn user_id(email: &str) -> String {
    hex_id(Kind::Account, email.bytes().map(usize::from).sum())
}

/// The e-mail of the user that a URL or an e-mail names.
pub fn email_of(world: &World, key: &str) -> Option<String> {
    let mut users = world.crunch.accounts.users.iter();
    let found = users.find(|user| user.email == key || user_id(&user.email) == id_of(key));
    found.map(|user| user.email.clone())
}

pub fn user_url(call: &Call, email: &str) -> String {
    link(call, &format!("users/{}/", user_id(email)))
}

/// What was presented: the bearer, or else the cookie.
fn presented(call: &Call) -> Option<String> {
    let mut headers = call.headers("authorization");
    if let Some(value) = headers.next() {
        let token = value.strip_prefix("Bearer ").filter(|_| headers.next().is_none());
        return token.map(str::to_string);
    }
    let cookies = call.headers("cookie").flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().strip_prefix("token=")).map(str::to_string).next()
}

/// The e-mail of the caller.
pub fn authenticate(world: &World, call: &Call) -> Option<String> {
    let token = presented(call)?;
    let accounts = &world.crunch.accounts;
    let by_key = || {
        let secret = |user: &&User| user.key.as_ref().is_some_and(|key| key.secret == token);
        accounts.users.iter().find(secret).map(|user| user.email.clone())
    };
    accounts.sessions.get(&token).cloned().or_else(by_key)
}

/// The cookie has no Domain here: loopback is no domain to share one in.
fn cookie(token: &str) -> String {
    format!("token={token}; Max-Age={YEAR}; Path=/")
}

/// Sets the session's own token as cookie anew.
pub fn with_cookie(world: &World, call: &Call, reply: Reply) -> Reply {
    match presented(call).filter(|token| world.crunch.accounts.sessions.contains_key(token)) {
        Some(token) => reply.header("set-cookie", &cookie(&token)),
        None => reply,
    }
}

fn login(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let text = |name: &str| {
        let value = body.get(name).and_then(Value::as_str);
        value.ok_or_else(|| invalid(&format!("'{name}' is required and must be a string.")))
    };
    let (email, password) = (text("email")?, text("password")?);
    let bearer = match body.get("token") {
        None => false,
        Some(Value::Bool(bearer)) => *bearer,
        Some(_) => return Err(invalid("'token' must be a boolean.")),
    };
    let user = world.crunch.accounts.get(email);
    if !user.is_some_and(|user| !user.password.is_empty() && user.password == password) {
        return Err(unauthorized(world, call));
    }
    let token = world.base64_token();
    world.crunch.accounts.sessions.insert(token.clone(), email.to_string());
    if bearer {
        let body = json!({ "access_token": token, "token_type": "Bearer" });
        return Ok(Reply::text(200, JSON_UTF8, body.to_string()));
    }
    Ok(Reply::empty(204).header("set-cookie", &cookie(&token)))
}

/// An unknown address gets a response like everybody, so that nobody can collect addresses.
fn method(world: &mut World, call: &Call) -> Outcome {
    let email = call.query_value("email").ok_or_else(|| bad("'email' is missing."))?;
    let oauth = world.crunch.accounts.get(&email).is_some_and(|user| user.oauth);
    let mut value = json!({ "email": email, "method": if oauth { "oauth" } else { "pwhash" } });
    if oauth {
        value["authorize_url"] = json!(link(call, "public/oauth2redirect/?state=sandbox"));
    }
    Ok(view(call, value))
}

fn public(_: &mut World, call: &Call) -> Outcome {
    let names = ["login", "password_reset", "password_change", "change_email", "signup", "config", "openapi"];
    let views: Map<String, Value> =
        names.iter().map(|name| (name.to_string(), json!(link(call, &format!("public/{name}/"))))).collect();
    let config = link(call, "public/config/");
    Ok(entity(call, json!({}), json!({ "views": views, "urls": { "config_url": config } })))
}

/// Nothing is configured, which is the case that surprises.
fn config(_: &mut World, call: &Call) -> Outcome {
    Ok(entity(call, json!({}), json!({})))
}

/// The mail goes nowhere; whether the address is known is not told.
fn reset(_: &mut World, call: &Call) -> Outcome {
    match call.object().get("email") {
        Some(Value::String(email)) if !email.is_empty() => Ok(Reply::empty(204)),
        _ => Err(invalid("'email' is required and must be a string.")),
    }
}

/// Ends the session, and yet sets a fresh cookie, as was recorded. An API key is not ended.
fn logout(world: &mut World, call: &Call) -> Outcome {
    if let Some(token) = presented(call) {
        world.crunch.accounts.sessions.remove(&token);
    }
    let fresh = world.base64_token();
    Ok(Reply::empty(204).header("set-cookie", &cookie(&fresh)))
}

fn user_tuple(n: usize, user: &User) -> Value {
    let (first, last) = nth(PEOPLE, n + 3);
    json!({
        "id": user_id(&user.email), "email": user.email, "name": format!("{first} {last}"),
        "first_name": first, "last_name": last,
        "id_method": if user.oauth { "oauth" } else { "pwhash" },
        "account_permissions": { "create_datasets": true },
        "organization": nth(COMPANIES, n),
    })
}

fn users(world: &mut World, call: &Call) -> Outcome {
    let list = world.crunch.accounts.users.iter().enumerate();
    let index = list.map(|(n, user)| (user_url(call, &user.email), user_tuple(n, user)));
    Ok(catalog(call, index.collect(), json!({})))
}

fn user(world: &mut World, call: &Call) -> Outcome {
    let mut list = world.crunch.accounts.users.iter().enumerate();
    let found = list.find(|(_, user)| user_id(&user.email) == call.param(0));
    let (n, user) = found.ok_or_else(|| missing(world, call))?;
    let more = json!({
        "catalogs": { "datasets": link(call, "datasets/"), "sources": link(call, "sources/"),
            "apikeys": link(call, "apikeys/") },
        "urls": { "account_url": link(call, "account/") },
    });
    Ok(entity(call, user_tuple(n, user), more))
}

/// Only for oneself.
fn own(world: &World, call: &Call) -> Result<(), Reply> {
    let known = world.crunch.accounts.users.iter().any(|user| user_id(&user.email) == call.param(0));
    match (known, call.param(0) == user_id(&call.user)) {
        (_, true) => Ok(()),
        (true, false) => Err(forbidden("That is somebody else.")),
        (false, false) => Err(missing(world, call)),
    }
}

fn change_password(world: &mut World, call: &Call) -> Outcome {
    own(world, call)?;
    let body = call.object();
    let member = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let new = member("new_pw");
    let user = world.crunch.accounts.get_mut(&call.user).ok_or_else(|| bad("Nobody."))?;
    if user.password != member("old_pw") {
        return Err(bad("The old password is not right."));
    }
    if new.chars().count() < 8 {
        return Err(bad("A password has 8 characters at least."));
    }
    user.password = new.into();
    Ok(Reply::empty(204))
}

fn reset_user(world: &mut World, call: &Call) -> Outcome {
    own(world, call)?;
    Ok(Reply::empty(204))
}

fn change_email(world: &mut World, call: &Call) -> Outcome {
    own(world, call)?;
    let body = call.object();
    let user = world.crunch.accounts.get(&call.user).ok_or_else(|| bad("Nobody."))?;
    if user.oauth {
        return Err(conflict("The address of an OAuth user cannot be changed here."));
    }
    if body.get("pw").and_then(Value::as_str) != Some(&user.password) {
        return Err(forbidden("The password is not right."));
    }
    match body.get("email").and_then(Value::as_str) {
        Some(email) if email.contains('@') => Ok(Reply::empty(204)),
        _ => Err(bad("'email' is no address.")),
    }
}
