//! What differs between services, as data: one file a service, one line in `SERVICES`.

mod crunch;
mod crux_connect;
mod custom;
pub mod said;

use http::Method;

use crate::address::link::Link;
use crate::error::{Error, Result};

/// The services known by name, the default first.
pub const SERVICES: &[&Service] =
    &[&crux_connect::PRODUCTION, &crux_connect::SANDBOX, &crunch::CRUNCH, &custom::CUSTOM];

/// The same, as the values of the option `service`.
pub const NAMES: [&str; SERVICES.len()] = {
    let mut names = [""; SERVICES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = SERVICES[at].name;
        at += 1;
    }
    names
};

/// A service. Texts that start with a slash and are called pointers are RFC 6901 pointers.
#[derive(Debug)]
pub struct Service {
    pub name: &'static str,
    /// For a person.
    pub title: &'static str,
    pub base_url: Option<&'static str>,
    pub login: Login,
    /// GET that ends a session; empty = there is none: forgetting the token is all there is.
    pub logout_path: &'static str,
    /// POST that mails a link for a new password; empty = none that is known.
    pub reset_path: &'static str,
    pub json_type: &'static str,
    /// Whether requests without a body name a type too, as the service's own samples do.
    pub always_typed: bool,
    pub upload: Upload,
    pub jobs: Option<Jobs>,
    pub pages: Pages,
    /// Pointers to the id of what was made, where no Location names it.
    pub ids: &'static [&'static str],
    /// Variables that hold base URL, API key, user and password; `_ACCOUNT` may be appended to each. The first
    /// family of which one is set counts: a key never goes with another family's base.
    pub env: &'static [Env],
    /// Refusals that mean the same as a 401: the token has expired.
    pub expired: &'static [Expired],
    /// Path fragments whose GET has an effect: such a call is never repeated.
    pub once: &'static [&'static str],
    /// Path fragments behind which a token stands.
    pub secret_paths: &'static [&'static str],
    /// Pointers to a person's text in an error document, tried in order.
    pub messages: &'static [&'static str],
    pub notes: &'static [Note],
    pub advice: &'static [Advice],
}

/// How a password becomes a token, and how that travels.
#[derive(Debug)]
pub struct Login {
    pub path: &'static str,
    pub method: &'static str,
    pub encoding: Encoding,
    pub user_field: &'static str,
    pub secret_field: &'static str,
    /// Further members of the login body, as the text of a JSON object.
    pub extra: &'static str,
    pub token_pointer: &'static str,
    pub scheme: &'static str,
    pub header: &'static str,
    /// 0 = unknown: renewed on 401 only.
    pub lifetime_ms: u64,
    /// GET with `email` and `redirect_uri` that says how an account logs in; empty = none.
    pub method_path: &'static str,
}

/// How a login says who logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Json,
    /// As the forms of web pages do.
    Form,
    /// By the header Authorization.
    Basic,
}

/// What a page of a list looks like.
#[derive(Debug)]
pub struct Pages {
    /// Pointers to the link to the next page.
    pub links: &'static [&'static str],
    /// Pointers to what a page is a page of, tried before its first list.
    pub items: &'static [&'static str],
    /// Pointers to how many elements all pages have.
    pub totals: &'static [&'static str],
    /// Names of the number in a request that says how long a page may be.
    pub sizes: &'static [&'static str],
}

/// A refusal that is about the token.
#[derive(Debug)]
pub struct Expired {
    pub status: u16,
    /// A pointer to a code; empty = the text for people, wherever that stands.
    pub pointer: &'static str,
    /// The first sentence there, in any case.
    pub text: &'static str,
}

/// Where files go, and under which names.
#[derive(Debug)]
pub struct Upload {
    pub path: &'static str,
    pub field: &'static str,
    /// Part that repeats the file's name as text; empty = none.
    pub name_field: &'static str,
}

/// How a long-running job is watched.
#[derive(Debug)]
pub struct Jobs {
    /// Whether only a response with status 202 starts a job.
    pub only_accepted: bool,
    /// Whether a 202 that names no job is an error: options may be missing that say where it does.
    pub unnamed_is_error: bool,
    /// Pointers to the job in the response that started it: its address, or its id.
    pub handles: &'static [&'static str],
    /// Path of the progress document, with `{}` for the id; empty = the handle is an address.
    pub path: &'static str,
    pub progress: ProgressShape,
    /// A job counts as done only when its result says so too; `None` = its progress is believed.
    pub result: Option<ResultShape>,
}

/// What a progress document looks like, as pointers.
#[derive(Debug)]
pub enum ProgressShape {
    /// A number: below 0 failed, 100 done.
    Percent { percent: &'static str, message: &'static str },
    /// A status in words, and the address of the result.
    Record { status: &'static str, url: &'static str },
}

/// What the result of a job looks like while it is not ready, or has failed.
#[derive(Debug)]
pub struct ResultShape {
    pub status: &'static str,
    pub failed: &'static [&'static str],
    pub running: &'static [&'static str],
    pub messages: &'static [&'static str],
}

/// Names of environment variables; empty = none.
#[derive(Debug)]
pub struct Env {
    pub base_url: &'static str,
    pub token: &'static str,
    pub user: &'static str,
    pub secret: &'static str,
}

/// The sentence for a success that means something else than it says.
#[derive(Debug)]
pub struct Note {
    pub method: &'static str,
    pub path: &'static str,
    pub status: u16,
    pub text: &'static str,
}

/// What to do about an error status; tried before what holds for every service.
#[derive(Debug)]
pub struct Advice {
    pub status: u16,
    /// A text that the server's message must hold; empty = any.
    pub said: &'static str,
    pub text: &'static str,
}

/// Every place where a text for people has been seen, most specific first. The same for all services:
/// a proxy in front of one may answer in another's shape.
pub const ANY_MESSAGES: &[&str] = &[
    "/message",
    "/description",
    "/detail",
    "/exception",
    "/error_description",
    "/error/message",
    "/error/description",
    "/error/detail",
    "/error",
    "/msg",
    "/reason",
    "/errorMessage",
    "/error_message",
    "/status_message",
    "/errorSummary",
    "/fault/faultstring",
    "/faultstring",
    "/Message",
    "/Error/Message",
    "/Error",
    "/ErrorMessage",
    "/title",
    "/details",
    "/text",
];

/// Every member that has been seen to link to the next page.
pub const ANY_NEXT_LINKS: &[&str] = &[
    "/next",
    "/pagination/next",
    "/_links/next",
    "/links/next",
    "/@odata.nextLink",
    "/next_page_url",
    "/meta/next",
    "/paging/next",
    "/urls/next_url",
    "/views/next",
];

/// Every member that has been seen to count the elements of all pages.
pub const ANY_TOTALS: &[&str] = &[
    "/pagination/total_count",
    "/total_results",
    "/total",
    "/total_count",
    "/pagination/total",
    "/meta/total",
    "/meta/total_count",
    "/paging/total",
    "/@odata.count",
];

/// Every shape of a page that services share.
pub const ANY_PAGES: Pages = Pages {
    links: ANY_NEXT_LINKS,
    items: &["/index", "/value", "/graph"],
    totals: ANY_TOTALS,
    sizes: &["limit", "per_page", "page_size", "perPage", "pageSize", "$top"],
};

/// What Django REST framework and its neighbours say of a token in a 403.
pub const ANY_EXPIRED: &[Expired] = &[
    says("invalid token"),
    says("invalid access token"),
    says("invalid or expired token"),
    says("invalid token header"),
    says("invalid jwt"),
    says("invalid signature"),
    says("invalid_token"),
    says("expired token"),
    says("token expired"),
    says("token invalid"),
    says("token not valid"),
    says("token is expired"),
    says("token is invalid"),
    says("token is invalid or expired"),
    says("token is not valid"),
    says("token is blacklisted"),
    says("token has expired"),
    says("token has been revoked"),
    says("the token has expired"),
    says("the token is expired"),
    says("the token is invalid"),
    says("your token has expired"),
    says("access token expired"),
    says("access token has expired"),
    says("the access token expired"),
    says("the access token has expired"),
    says("given token not valid"),
    says("given token not valid for any token type"),
    says("signature has expired"),
    says("jwt expired"),
    says("error decoding signature"),
    says("error decoding token"),
    says("session has expired"),
    says("your session has expired"),
    Expired { status: 403, pointer: "/code", text: "token_not_valid" },
    Expired { status: 403, pointer: "/detail/code", text: "token_not_valid" },
    Expired { status: 403, pointer: "/code", text: "invalid_token" },
    Expired { status: 403, pointer: "/error", text: "invalid_token" },
];

/// A sentence that is about the token.
const fn says(text: &'static str) -> Expired {
    Expired { status: 403, pointer: "", text }
}

/// Every path of a built-in service that a token follows, for services that do not name theirs.
pub const ANY_SECRET_PATHS: &[&str] = &[
    "/accept-invite/",
    "/complete-password/",
    "/reset-password/",
    "/otp/login/",
    "/otp/authorize/",
    "/password_reset/",
    "/password_change/",
    "/password/change/",
];

/// Every path of a built-in service whose GET has an effect.
pub const ANY_ONCE: &[&str] =
    &["/logout", "/otp/login", "/otp/generate", "/accept-invite/", "/complete-password/"];

/// The service of a name.
pub fn named(name: &str) -> Result<&'static Service> {
    SERVICES.iter().copied().find(|service| service.name == name).ok_or_else(|| {
        Error::argument(format!("The service \"{name}\" is unknown; use one of {}.", NAMES.join(", ")))
    })
}

/// Whether the rest of a text goes on with its sentence.
fn goes_on(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\''))
}

impl Service {
    /// Whether a GET of this path has an effect and must not be repeated.
    pub fn only_once(&self, path: &str) -> bool {
        self.once.iter().any(|fragment| path.contains(fragment))
    }

    /// The note that goes with a success; `None` for most.
    pub fn note(&self, method: &Method, link: &Link, status: u16) -> Option<&'static str> {
        let fits =
            |note: &&Note| status == note.status && method == note.method && link.path().contains(note.path);
        self.notes.iter().find(fits).map(|note| note.text)
    }

    /// Whether a refusal is about the token; `said` looks into its document, and for its text with an empty pointer.
    pub fn token_expired(&self, status: u16, said: impl Fn(&str) -> Option<String>) -> bool {
        self.expired.iter().filter(|row| row.status == status).any(|row| {
            let text = said(row.pointer).unwrap_or_default().trim().to_ascii_lowercase();
            // Other words that follow may make it a sentence about something else.
            text.strip_prefix(row.text).is_some_and(|rest| !goes_on(rest))
        })
    }

    /// The service's own advice on an error; `None` if it has none.
    pub fn advice(&self, status: u16, said: &str) -> Option<&'static str> {
        let fits = |advice: &&Advice| advice.status == status && said.contains(advice.said);
        self.advice.iter().find(fits).map(|advice| advice.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_that_are_about_the_token() {
        let expired = |at: &str, text: &str| {
            named("custom").unwrap().token_expired(403, |pointer| (pointer == at).then(|| text.to_owned()))
        };
        for text in [
            "Invalid token.",
            "invalid token",
            "Token has expired; log in again.",
            "Token is invalid or expired",
            "Given token not valid for any token type",
            "Invalid token header. No credentials provided.",
            "The access token expired",
            "Error decoding signature.",
            "Your session has expired!",
        ] {
            assert!(expired("", text), "{text}");
        }
        assert!(expired("/detail/code", "token_not_valid") && expired("/error", "invalid_token"));
        for text in [
            "Invalid token count",
            "Invalid tokenizer setting",
            "Token expired_at is read-only",
            "Your invitation token has expired.",
            "CSRF token missing.",
            "You do not have permission to perform this action.",
            "",
        ] {
            assert!(!expired("", text), "{text}");
        }
    }

    #[test]
    fn every_service_is_found_by_its_name() {
        for service in SERVICES {
            assert_eq!(named(service.name).unwrap().name, service.name);
        }
        let refused = named("nowhere").unwrap_err();
        assert!(refused.message.contains("\"nowhere\""), "{}", refused.message);
    }
}
