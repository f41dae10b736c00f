//! Login, tokens, the password and the invitation flow of Crux Connect.

use std::collections::HashMap;

use serde_json::json;

use crate::crux::required;
use crate::server::call::{Call, Generation};
use crate::server::data::{CREDENTIALS, Kind, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::{Switch, World};

/// A token lives two hours from issue, and so do those for resets and invitations.
pub const LIFETIME: u64 = 7200;

/// Invitations that wait: the first is fresh for ever, the second has expired.
pub const INVITATIONS: [(&str, &str); 2] =
    [("invite0fresh0000000a", "陈美玲@example.com"), ("invite0expired00000b", "สมชาย@example.com")];

pub const ROUTES: &[Route] = &[
    route("POST", "/organizations/user-login/", login).open(),
    route("POST", "/organizations/reset-password/", reset).open(),
    route("GET", "/organizations/complete-password/", check_reset).open(),
    route("POST", "/organizations/complete-password/", complete).open(),
    route("GET", "/organizations/accept-invite/{}/", check_invitation).open(),
    route("POST", "/organizations/accept-invite/{}/", accept_invitation).open(),
];

pub struct Account {
    pub name: String,
    pub password: String,
    pub user_uuid: String,
    pub supplier: bool,
}

struct Issued {
    user: String,
    at: u64,
}

/// Who there is, and the tokens that were handed out.
pub struct Accounts {
    list: Vec<Account>,
    tokens: HashMap<String, Issued>,
    resets: HashMap<String, Issued>,
}

impl Accounts {
    pub fn new() -> Accounts {
        let rows = CREDENTIALS.iter().filter(|row| row.0 == "crux-connect");
        let account = |(n, row): (usize, &(&str, &str, &str, &str))| Account {
            name: row.1.into(),
            password: row.2.into(),
            user_uuid: uuid(Kind::User, n),
            supplier: row.3.contains("supplier"),
        };
        Accounts {
            list: rows.enumerate().map(account).collect(),
            tokens: HashMap::new(),
            resets: HashMap::new(),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.name == name)
    }

    pub fn org_type(&self, name: &str) -> &'static str {
        if self.get(name).is_some_and(|account| account.supplier) { "SUPPLIER" } else { "RETAILER" }
    }

    pub fn revoke(&mut self) {
        self.tokens.clear();
    }

    pub fn set_password(&mut self, name: &str, password: &str) -> bool {
        let account = self.list.iter_mut().find(|account| account.name == name);
        account.map(|account| account.password = password.into()).is_some()
    }
}

/// The caller's name. Exactly one header, exactly one blank, a token that lives.
pub fn authenticate(world: &World, call: &Call) -> Result<String, Reply> {
    let refuse = |detail: &str| Reply::detail(401, detail);
    let mut sent = call.headers("authorization");
    let (Some(value), None) = (sent.next(), sent.next()) else {
        return Err(refuse("Authentication credentials were not provided."));
    };
    let Some(token) = value.strip_prefix("Token ") else {
        return Err(refuse("Authentication credentials were not provided."));
    };
    let Some(issued) = world.crux.accounts.tokens.get(token) else {
        return Err(refuse("Invalid token."));
    };
    if world.now() >= issued.at + LIFETIME {
        return Err(refuse("Token has expired."));
    }
    Ok(issued.user.clone())
}

fn login(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let name = required(&body, "username")?;
    let password = required(&body, "password")?;
    let account = world.crux.accounts.get(name).filter(|account| account.password == password);
    let Some(account) = account else {
        return Err(Reply::detail(401, "Unable to log in with provided credentials."));
    };
    let user_uuid = account.user_uuid.clone();
    let (org, side) = (org_uuid(account.supplier), side_uuid(account.supplier));
    let (retailer, supplier) = if account.supplier { ("", &*side) } else { (&*side, "") };
    let org_type = world.crux.accounts.org_type(name);
    let token = world.hex(40);
    let mut response = json!({
        "auth_token": token, "org_uuid": org, "user_uuid": user_uuid,
        "retailer_uuid": retailer, "supplier_uuid": supplier, "org_type": org_type,
    });
    if call.generation != Generation::Seed {
        response["permission_assignments"] =
            world.crux.people.assignments(&user_uuid, org_type, call.generation);
    }
    let issued = Issued { user: name.to_string(), at: world.now() };
    world.crux.accounts.tokens.insert(token, issued);
    Ok(Reply::json(200, &response))
}

pub fn org_uuid(supplier: bool) -> String {
    uuid(Kind::Org, usize::from(!supplier))
}

/// The uuid an organisation has as a supplier or as a retailer.
pub fn side_uuid(supplier: bool) -> String {
    uuid(Kind::Side, usize::from(!supplier))
}

fn reset(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let email = required(&body, "email")?;
    if world.crux.accounts.get(email).is_none() {
        return Err(Reply::detail(404, "No user with that e-mail address."));
    }
    let token = world.pick(b"abcdefghijklmnopqrstuvwxyz0123456789", 20);
    let issued = Issued { user: email.to_string(), at: world.now() };
    world.crux.accounts.resets.insert(token.clone(), issued);
    let shown = world.is_on(Switch::ResetTokenInReply);
    Ok(Reply::json(200, &if shown { json!({ "reset_token": token }) } else { json!({}) }))
}

/// Whose reset token it is, if it lives.
fn reset_user(world: &World, token: &str) -> Result<String, Reply> {
    let issued = world.crux.accounts.resets.get(token);
    let live = issued.filter(|issued| world.now() < issued.at + LIFETIME);
    live.map(|issued| issued.user.clone()).ok_or_else(|| Reply::detail(404, "Token not valid."))
}

fn check_reset(world: &mut World, call: &Call) -> Outcome {
    reset_user(world, &call.query_value("token").unwrap_or_default())?;
    Ok(Reply::empty(204))
}

fn complete(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let token = required(&body, "token")?;
    let password = required(&body, "password")?;
    let user = reset_user(world, token)?;
    world.crux.accounts.resets.remove(token);
    world.crux.accounts.set_password(&user, password);
    Ok(Reply::empty(204))
}

fn invitation(call: &Call) -> Result<(bool, &'static str), Reply> {
    let at = INVITATIONS.iter().position(|(token, _)| *token == call.param(0));
    let at = at.ok_or_else(|| Reply::detail(404, "Token not valid."))?;
    Ok((at == 0, INVITATIONS[at].1))
}

/// 201 here does not mean "created": the token had expired and a new mail is on its way.
fn check_invitation(_: &mut World, call: &Call) -> Outcome {
    let (fresh, email) = invitation(call)?;
    let body = json!({ "email": email, "token": call.param(0) });
    Ok(if fresh { Reply::json(200, &body) } else { Reply::json(201, &json!({})) })
}

fn accept_invitation(world: &mut World, call: &Call) -> Outcome {
    let (fresh, email) = invitation(call)?;
    if !fresh {
        return Err(Reply::detail(404, "Token not valid."));
    }
    let body = call.object();
    let password = required(&body, "password")?;
    let newcomer =
        Account { name: email.into(), password: password.into(), user_uuid: world.uuid(), supplier: true };
    world.crux.accounts.list.retain(|account| account.name != email);
    world.crux.accounts.list.push(newcomer);
    Ok(Reply::empty(204))
}
