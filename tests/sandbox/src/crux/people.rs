//! Organisation, users, permissions and notifications of Crux Connect.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::crux::account::{org_uuid, side_uuid};
use crate::crux::{required, texts};
use crate::server::call::{Call, Generation};
use crate::server::data::{COMPANIES, Kind, PEOPLE, START, iso, nth, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, SEED, route};
use crate::server::world::World;

const VIEW: &[&str] = &["view_org_users"];
const EDIT: &[&str] = &["edit_org_users"];
/// The page says `view_orders`; the list of permissions knows `view_order` only.
const NOTICES: &[&str] = &["view_order"];
const SETTINGS: &[&str] = &["view_notifications_settings"];
const EDIT_SETTINGS: &[&str] = &["view_notifications_settings", "edit_email_notifications_preferences"];

pub const ROUTES: &[Route] = &[
    route("GET", "/organizations/", organization),
    route("POST", "/organizations/", create_organization).among(SEED),
    route("GET", "/organizations/all_permissions/", all_permissions).needs(VIEW),
    route("GET", "/organizations/users/all/", users).needs(VIEW),
    route("GET", "/organizations/users/detail/{}/", user).needs(VIEW),
    route("GET", "/organizations/users/permissions/{}/", user_permissions).needs(VIEW),
    route("PATCH", "/organizations/users/permissions/{}/", grant).needs(EDIT),
    route("DELETE", "/organizations/users/permissions/{}/", revoke).needs(EDIT),
    route("GET", "/organizations/subscription/", subscription).among(SEED),
    route("GET", "/notifications/", notices).needs(NOTICES),
    route("GET", "/notifications/notification-settings/", settings).needs(SETTINGS),
    route("PUT", "/notifications/notification-settings/", set_setting).needs(EDIT_SETTINGS),
];

/// Name, who has it, grouping.
const PERMISSIONS: &[(&str, &str, &str)] = &[
    ("view_org_users", "BOTH", "ORGUSERS"),
    ("edit_org_users", "BOTH", "ORGUSERS"),
    ("view_org_subscription_plan", "BOTH", "ORGSUB"),
    ("edit_org_subscription_plan", "BOTH", "ORGSUB"),
    ("view_payment_info", "BOTH", "ORGPAYMENT"),
    ("edit_payment_info", "BOTH", "ORGPAYMENT"),
    ("view_billing_statement", "BOTH", "ORGBILLING"),
    ("view_notifications_settings", "BOTH", "ORGNOTIFICATIONS"),
    ("edit_email_notifications_preferences", "BOTH", "ORGNOTIFICATIONS"),
    ("cancel_order", "BOTH", "ORDERS"),
    ("view_order", "BOTH", "ORDERS"),
    ("export_order", "BOTH", "ORDERS"),
    ("view_items", "BOTH", "PRODITEMS"),
    ("create_order", "RETAILER", "ORDERS"),
    ("view_inventory_lists", "RETAILER", "PRODINVLIST"),
    ("edit_inventory_lists", "RETAILER", "PRODINVLIST"),
    ("edit_items", "SUPPLIER", "PRODITEMS"),
    ("add_order_tracking", "SUPPLIER", "ORDERS"),
    ("allocate_order", "SUPPLIER", "ORDERS"),
    ("view_supplier_catalogs", "SUPPLIER", "PRODINVLIST"),
    ("edit_supplier_catalogs", "SUPPLIER", "PRODINVLIST"),
];

/// Users of both organisations; even numbers work for the supplier. 0 to 2 are the accounts.
const USERS: usize = 28;
const NOTIFICATIONS: &[&str] = &["Order created", "订单已取消", "สินค้าหมด", "طلب جديد"];

/// Who holds which permission.
pub struct People {
    held: HashMap<String, HashSet<String>>,
    /// Notification settings that were switched off, by uuid and way.
    silenced: HashSet<(String, String)>,
    organizations: Vec<(String, String)>,
}

impl People {
    pub fn new() -> People {
        let held = |n: usize| {
            let some = PERMISSIONS.iter().enumerate().filter(|(i, (name, ..))| match n {
                0 | 1 => true,
                2 => *name == "view_items",
                _ => !(i + n).is_multiple_of(3),
            });
            let names = some.map(|(_, (name, ..))| name.to_string()).collect();
            (uuid(Kind::User, n), names)
        };
        People { held: (0..USERS).map(held).collect(), silenced: HashSet::new(), organizations: Vec::new() }
    }

    /// By account name: the accounts are the first users.
    pub fn holds(&self, account: &str, permission: &str) -> bool {
        let rows = crate::server::data::CREDENTIALS.iter().filter(|row| row.0 == "crux-connect");
        let number = rows.map(|row| row.1).position(|name| name == account);
        let held = number.and_then(|n| self.held.get(&uuid(Kind::User, n)));
        held.is_some_and(|held| held.contains(permission))
    }

    /// `permission_assignments`.
    pub fn assignments(&self, user: &str, org_type: &str, generation: Generation) -> Value {
        let assigned = |name: &str| self.held.get(user).is_some_and(|held| held.contains(name));
        let list: Vec<Value> = offered(org_type)
            .map(|n| {
                let permission = permission(n, generation);
                json!({ "assigned": assigned(PERMISSIONS[n].0), "permission": permission })
            })
            .collect();
        json!({ "permissions": list, "org_user": { "uuid": user } })
    }
}

/// The numbers of the permissions an organisation of that type is offered.
fn offered(org_type: &str) -> impl Iterator<Item = usize> {
    (0..PERMISSIONS.len()).filter(move |n| ["BOTH", org_type].contains(&PERMISSIONS[*n].1))
}

fn permission(n: usize, generation: Generation) -> Value {
    let (name, visibility, grouping) = PERMISSIONS[n];
    let words = name.replace('_', " ");
    let mut permission = json!({
        "uuid": uuid(Kind::Permission, n), "name": name,
        "display_name": format!("{}{}", words[..1].to_uppercase(), &words[1..]),
        "description": format!("Allows the user to {words}. 允许 · อนุญาต"),
    });
    if generation != Generation::Seed {
        permission["visibility"] = visibility.into();
        permission["grouping"] = grouping.into();
    }
    permission
}

fn all_permissions(world: &mut World, call: &Call) -> Outcome {
    let org_type = world.crux.accounts.org_type(&call.user);
    let list: Vec<Value> = offered(org_type).map(|n| permission(n, call.generation)).collect();
    Ok(Reply::json(200, &list.into()))
}

pub fn person(n: usize) -> Value {
    let (first, last) = nth(PEOPLE, n);
    json!({
        "uuid": uuid(Kind::Person, n), "first_name": first, "last_name": last,
        "email": format!("person{n}@example.com"),
        "phone": if n.is_multiple_of(3) { Value::Null } else { json!(format!("+1 555 01{n:02}")) },
        "job_title": if n.is_multiple_of(4) { Value::Null } else { json!("采购经理") },
    })
}

/// The users of the caller's organisation.
fn colleagues(world: &World, call: &Call) -> Vec<usize> {
    let supplier = world.crux.accounts.org_type(&call.user) == "SUPPLIER";
    (0..USERS).filter(|n| (n % 2 == 0) == supplier).collect()
}

fn user_json(world: &World, call: &Call, n: usize) -> Value {
    let status = match n % 7 {
        5 => "CONFIRMATION_WAITING",
        6 => "DEACTIVATED",
        _ => "ACTIVE",
    };
    let org_type = world.crux.accounts.org_type(&call.user);
    let user = uuid(Kind::User, n);
    json!({
        "uuid": user, "person": person(n), "status": status, "token": null,
        "permission_assignments": world.crux.people.assignments(&user, org_type, call.generation),
    })
}

fn users(world: &mut World, call: &Call) -> Outcome {
    let list = colleagues(world, call);
    let list: Vec<Value> = list.into_iter().map(|n| user_json(world, call, n)).collect();
    Ok(Reply::json(200, &list.into()))
}

/// The number of the colleague the path names.
fn named(world: &World, call: &Call) -> Result<usize, Reply> {
    let mut list = colleagues(world, call).into_iter();
    let number = list.find(|n| uuid(Kind::User, *n) == call.param(0));
    number.ok_or_else(|| Reply::detail(404, "Not found."))
}

fn user(world: &mut World, call: &Call) -> Outcome {
    let n = named(world, call)?;
    Ok(Reply::json(200, &user_json(world, call, n)))
}

fn user_permissions(world: &mut World, call: &Call) -> Outcome {
    let user = uuid(Kind::User, named(world, call)?);
    let org_type = world.crux.accounts.org_type(&call.user);
    Ok(Reply::json(200, &world.crux.people.assignments(&user, org_type, call.generation)))
}

/// The user's uuid and the names of the permissions in the body.
fn change(world: &World, call: &Call) -> Result<(String, Vec<String>), Reply> {
    let user = uuid(Kind::User, named(world, call)?);
    let body = call.object();
    if !body.get("permission_uuids").is_some_and(Value::is_array) {
        return Err(Reply::field("permission_uuids", "This field is required."));
    }
    let org_type = world.crux.accounts.org_type(&call.user);
    let name = |wanted: String| {
        let n = offered(org_type).find(|n| uuid(Kind::Permission, *n) == wanted);
        let complaint = || Reply::field("permission_uuids", &format!("No permission {wanted}."));
        n.map(|n| PERMISSIONS[n].0.to_string()).ok_or_else(complaint)
    };
    let names = texts(body.get("permission_uuids")).into_iter().map(name).collect::<Result<_, _>>()?;
    Ok((user, names))
}

fn grant(world: &mut World, call: &Call) -> Outcome {
    let (user, names) = change(world, call)?;
    world.crux.people.held.entry(user).or_default().extend(names);
    Ok(Reply::empty(204))
}

fn revoke(world: &mut World, call: &Call) -> Outcome {
    let (user, names) = change(world, call)?;
    world.crux.people.held.entry(user).or_default().retain(|name| !names.contains(name));
    Ok(Reply::empty(204))
}

pub fn organization_json(supplier: bool, generation: Generation) -> Value {
    let n = usize::from(!supplier);
    let manager = if generation == Generation::Seed {
        json!({ "uuid": uuid(Kind::User, 100), "org_user": { "uuid": uuid(Kind::User, 100),
        "person": person(5) } })
    } else {
        json!({ "uuid": uuid(Kind::User, 100), "person": person(5) })
    };
    let side = side_uuid(supplier);
    json!({
        "uuid": org_uuid(supplier), "name": nth(COMPANIES, n), "website": "https://example.com/商店",
        "org_type": if supplier { "SUPPLIER" } else { "RETAILER" }, "status": "ACTIVE",
        "created_date": iso(START), "active_date": null, "account_manager": manager,
        "retailer_uuid": if supplier { "" } else { side.as_str() },
        "supplier_uuid": if supplier { side.as_str() } else { "" },
    })
}

fn organization(world: &mut World, call: &Call) -> Outcome {
    let supplier = world.crux.accounts.org_type(&call.user) == "SUPPLIER";
    Ok(Reply::json(200, &organization_json(supplier, call.generation)))
}

fn create_organization(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    required(&body, "domain")?;
    let key = (required(&body, "name")?.to_string(), required(&body, "org_type")?.to_string());
    if world.crux.people.organizations.contains(&key) {
        return Err(Reply::detail(409, "That name and type exist already.").reason("Critical"));
    }
    let response = json!({ "uuid": world.uuid(), "name": key.0, "org_type": key.1, "status": "PENDING" });
    world.crux.people.organizations.push(key);
    Ok(Reply::json(201, &response))
}

fn subscription(_: &mut World, _: &Call) -> Outcome {
    let bill = json!({ "bill_date": "2018-03-01", "amount": "49.00", "start_date": "2018-02-01",
        "end_date": "2018-02-28", "card_last_four": "4242" });
    Ok(Reply::json(
        200,
        &json!({ "plan_name": "基本", "available_add_ons": [], "plan_features": ["Orders", "Items"],
            "plan_add_ons": [], "next_bill_plan": bill }),
    ))
}

fn notices(_: &mut World, _: &Call) -> Outcome {
    let notice = |n: usize| {
        json!({ "uuid": uuid(Kind::Notice, n), "title": nth(NOTIFICATIONS, n),
            "created_at": iso(START + 60 * n as u64), "type": "Dashboard" })
    };
    Ok(Reply::json(200, &(0..8).map(notice).collect::<Vec<_>>().into()))
}

fn settings(world: &mut World, _: &Call) -> Outcome {
    let silenced = &world.crux.people.silenced;
    let setting = |n: usize| {
        let id = uuid(Kind::Setting, n);
        let way = |via: &str| {
            let enabled = !silenced.contains(&(id.clone(), via.to_string()));
            json!({ "notification_via": via, "notification_frequency": "Immediate",
            "enabled": enabled })
        };
        json!({ "uuid": id, "notification_display_name": nth(NOTIFICATIONS, n),
            "notification_name": format!("notice_{n}"), "notification_domain": "ORDERS",
            "notification_type": [way("Email"), way("Dashboard")],
            "org_user": uuid(Kind::User, 0) })
    };
    Ok(Reply::json(200, &(0..NOTIFICATIONS.len()).map(setting).collect::<Vec<_>>().into()))
}

fn set_setting(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let id = required(&body, "uuid")?.to_string();
    let via = required(&body, "notification_via")?.to_string();
    required(&body, "notification_frequency")?;
    // Boolean in the prose, the text "True" in the sample.
    let enabled = match body.get("enabled") {
        Some(Value::Bool(enabled)) => *enabled,
        Some(Value::String(text)) if text == "True" || text == "False" => text == "True",
        _ => return Err(Reply::field("enabled", "Not a valid boolean.")),
    };
    if !(0..NOTIFICATIONS.len()).any(|n| uuid(Kind::Setting, n) == id) {
        return Err(Reply::detail(404, "Not found."));
    }
    if enabled {
        world.crux.people.silenced.remove(&(id, via));
    } else {
        world.crux.people.silenced.insert((id, via));
    }
    Ok(Reply::empty(204))
}
