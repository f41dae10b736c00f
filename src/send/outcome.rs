//! What a response comes to: success, or an error with a sentence; and the facts that go with either.

use std::sync::Arc;

use url::Url;
use zeroize::Zeroizing;

use crate::address;
use crate::address::shown;
use crate::error::{Code, Error, Result};
use crate::headers;
use crate::json::{Index, Json, Type};
use crate::log::Level;
use crate::secret::Secret;
use crate::send::Run;
use crate::send::request::Want;
use crate::service::said;
use crate::status;
use crate::transport::HttpResponse;
use crate::transport::head::Head;
use crate::transport::net::proxy::Proxy;

/// Most of an error document that is kept.
const ERROR_BODY: u64 = 1024 * 1024;

impl Run<'_> {
    /// Takes over a response that ends the request.
    pub(super) fn finish(&mut self, mut response: HttpResponse, refused: Option<&str>) -> Result<()> {
        let code = response.head.status;
        self.finished.status = code;
        self.note_url();
        self.finished.verified = response.body.is_verified();
        self.take_facts(&response.head);
        let exists = code == 303 && refused.is_none();
        let wanted = (200..300).contains(&code) || code == 304 || exists;
        // How far a file is, its download tells, and what comes before it is no part of it; the document of an error is
        // no part of a stream.
        let of_download = self.request.identity || self.settings.awaits && self.settings.save.is_some();
        if !of_download && (wanted || self.want == Want::Buffer) {
            let total = response.body.length();
            response.body.count(0, total);
        }
        if !wanted {
            self.refused |= code == 407;
            if !self.kept {
                self.keep_error(&mut response);
            }
            if self.exchange.is_cancelled() {
                return Err(Error::cancelled());
            }
            return Err(self.http_error(code, refused));
        }
        self.finished.head = std::mem::take(&mut response.head);
        self.finished.note = self.note(code);
        match self.want {
            Want::Stream => self.finished.stream = Some(Box::new(response.body)),
            Want::Buffer => {
                let body = response.body.read_all(self.settings.max_body, self.request.confidential);
                self.finished.body = body.map_err(|error| self.of_document(error))?;
            }
        }
        if code == 201 && self.finished.location.is_none() && self.finished.body.len() as u64 <= ERROR_BODY {
            self.finished.made = place_of_made(&self.url, &self.finished.body);
        }
        Ok(())
    }

    /// Names no option where none would help.
    fn of_document(&self, error: Error) -> Error {
        match (self.settings.document, error.code) {
            (Some(document), Code::TooLarge) => Error::new(
                Code::TooLarge,
                format!("The {document} is larger than 1 MiB, which none should be; check the base URL."),
            ),
            _ => error,
        }
    }

    fn note(&self, code: u16) -> Option<String> {
        self.client.profile.service.note(&self.method, &self.url, code).map(str::to_owned)
    }

    fn take_facts(&mut self, head: &Head) {
        // Where a POST was sent on to is what its caller asks about, whatever is answered there.
        if self.finished.location.is_none()
            && let Some(location) = location(head)
        {
            let whole = address::resolve(&self.url, &location).map_or(location, |url| url.to_string());
            self.finished.location = Some(whole);
        }
        if let Some(warning) = text(head, "warning") {
            let warning = self.scrubbed(&warning);
            let meaning =
                if warning.trim_start().starts_with("299") { "this call will be removed" } else { "warning" };
            self.client.log.log(Level::Warning, || {
                format!(
                    "{} says of {}: {meaning}: {warning}",
                    self.client.profile.service.title,
                    self.client.shown(&self.url)
                )
            });
            self.finished.warning = Some(warning);
        }
    }

    /// Keeps an error's head and as much of its document as is reasonable.
    pub(super) fn keep_error(&mut self, response: &mut HttpResponse) {
        self.finished.status = response.head.status;
        self.note_url();
        let limit = self.settings.max_body.min(ERROR_BODY);
        self.finished.body = response.body.read_document(limit);
        self.finished.head = response.head.clone();
        let index = Index::default();
        // Some write JSON in another charset.
        let document = Zeroizing::new(String::from_utf8_lossy(&self.finished.body).into_owned());
        let json = Json::new(document.as_bytes(), &index);
        let found = said::text(&json, &self.client.profile.messages);
        // As it came, it may echo what is to be wiped.
        let found = found.map(Zeroizing::new);
        self.finished.server_message = found.map(|text| self.scrubbed(&text));
    }

    /// A server's text, bounded, without the secrets that it may have been sent.
    fn scrubbed(&self, text: &str) -> String {
        let mut clean = self.client.session.scrub(text);
        // The session may have another token by now.
        let tokens = [&self.sent, &self.dead].into_iter().flatten().map(|token| &token.text);
        for secret in tokens.chain(&self.client.profile.extra_texts) {
            clean = secret.hide_in(clean);
        }
        for (_, value) in self.request.headers.iter().filter(|(name, _)| !headers::is_harmless(name)) {
            let text = Secret::new(String::from_utf8_lossy(value.as_bytes()));
            clean = text.hide_in(clean);
            // Without the word before a token, or the name of a cookie.
            if let Some((_, rest)) = text.expose().split_once([' ', '=']) {
                clean = Secret::new(rest).hide_in(clean);
            }
        }
        for secret in shown::secrets(
            &self.url,
            self.client.profile.service.secret_paths,
            !self.client.covers(&self.url),
        ) {
            clean = crate::secret::hide(&secret, clean);
        }
        // A proxy that answers in the server's place may echo what it was sent.
        if let Ok((_, route)) = self.client.way_to(&self.url)
            && let Some(proxy) = &route.proxy
        {
            clean = proxy.hide_in(clean);
        }
        status::one_line(&clean)
    }

    /// The proxy that forwards the request, if one does: its own responses look like the server's.
    fn forwarding_proxy(&self) -> Option<Arc<Proxy>> {
        let (_, route) = self.client.way_to(&self.url).ok()?;
        route.proxy.clone().filter(|_| route.is_forwarded())
    }

    /// The words of a page or a text beyond its status.
    fn words(&self, code: u16) -> String {
        let kind = self.finished.head.text("content-type").unwrap_or("text/plain");
        if !kind.trim_start().starts_with("text/") {
            return String::new();
        }
        let page = self.scrubbed(&String::from_utf8_lossy(&self.finished.body));
        let words = status::words("", page.as_bytes());
        let words = words.strip_prefix(&code.to_string()).unwrap_or(&words).trim_start();
        if words == status::name(code) { String::new() } else { words.to_owned() }
    }

    fn http_error(&self, code: u16, refused: Option<&str>) -> Error {
        // Another server, such as a storage service, speaks for itself and knows no account of ours.
        let ours = self.client.covers(&self.url);
        let title = match self.url.host_str() {
            Some(host) if !ours => host,
            _ => self.client.profile.service.title,
        };
        let place = self.client.shown(&self.url);
        let proxy = self.forwarding_proxy().filter(|_| matches!(code, 403 | 500..=599));
        // A proxy that refuses says so in a page, as servers do that failed.
        let speaks = proxy.is_some() || code >= 500;
        let page = (speaks && self.finished.server_message.is_none()).then(|| self.words(code));
        let said = self.finished.server_message.as_deref().or(page.as_deref()).unwrap_or_default();
        let colon = if said.is_empty() { "" } else { ": " };
        let head =
            format!("{title} answered {code} {} to {} {place}{colon}{said}", status::name(code), self.method);
        let head = head.trim_end_matches(['.', ' ', '\n']);
        if code == 407
            && let Ok(route) = self.client.way_to(&self.url).map(|(_, route)| route)
            && let Some(proxy) = &route.proxy
        {
            let offers = self.finished.head.all("proxy-authenticate");
            let offers: Vec<_> = offers.map(|offer| String::from_utf8_lossy(offer).into_owned()).collect();
            return crate::transport::net::wants_credentials(proxy, &offers);
        }
        if code == 401 || self.token_was_refused {
            let why = self.client.why_unauthorized(self.finished.token_source.as_ref(), &self.url);
            let before = self.waited.map(|(code, wait)| {
                let (name, seconds) = (status::name(code), wait.as_secs_f64());
                format!(" Before, the server had asked for a wait of {seconds:.1} s ({code} {name}), in which the token may have expired.")
            });
            return Error::new(Code::Auth, format!("{head}. {why}{}", before.unwrap_or_default()));
        }
        match refused {
            Some(why) => Error::new(Code::Http, format!("{head}. This redirect {why}.")),
            None => {
                let of_accounts = !ours && matches!(code, 403 | 404);
                let own = self.client.profile.service.advice(code, said).filter(|_| ours);
                let usual = match self.finished.token_source {
                    None if code == 403 => "The client sent no token of its own; it may need to log in.",
                    _ => status::advice(code),
                };
                let advice = if of_accounts { "" } else { own.unwrap_or(usual) };
                let gap = if advice.is_empty() { "" } else { " " };
                let through = proxy.map(|proxy| {
                    format!(" It came through the proxy {}, which may be what refuses.", proxy.place())
                });
                Error::new(Code::Http, format!("{head}.{gap}{advice}{}", through.unwrap_or_default()))
            }
        }
    }
}

/// A header's first value as text; bytes that are no UTF-8 are replaced.
pub(super) fn text(head: &Head, name: &str) -> Option<String> {
    head.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// Where a response leads to.
pub(super) fn location(head: &Head) -> Option<String> {
    head.get("location").map(address::link_text)
}

/// Where something that was made should be, by the id that its response names: below the place that made it.
fn place_of_made(url: &Url, body: &[u8]) -> Option<String> {
    let index = Index::default();
    let json = Json::new(body, &index);
    let id = match json.kind("/id") {
        Type::String => json.string("/id").map(|id| id.into_owned()),
        Type::Number => json.int("/id").map(|id| id.to_string()),
        _ => None,
    };
    let id = address::encode_segment(&id.filter(|id| !matches!(id.as_str(), "" | "." | ".."))?);
    let mut place = url.clone();
    place.set_query(None);
    // A service that ends the names of its lists with a slash does so for what is in them.
    let path = match place.path().strip_suffix('/') {
        Some(list) => format!("{list}/{id}/"),
        None => format!("{}/{id}", place.path()),
    };
    place.set_path(&path);
    Some(place.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_keeps_its_bytes() {
        for (bytes, want) in
            [(&b"/caf\xe9"[..], "/caf%E9"), ("/café".as_bytes(), "/café"), (b"/a%20b?\xff=1", "/a%20b?%FF=1")]
        {
            assert_eq!(location(&Head::of(302, [("Location", bytes)])).as_deref(), Some(want));
        }
    }

    #[test]
    fn what_was_made_is_below_the_place_that_made_it() {
        for (url, body, want) in [
            ("https://a.test/users/", r#"{"id":7}"#, Some("https://a.test/users/7/")),
            ("https://a.test/users?x=1", r#"{"id":"a/b"}"#, Some("https://a.test/users/a%2Fb")),
            ("https://a.test/users/", r#"{"id":""}"#, None),
            ("https://a.test/users/", r#"{"id":".."}"#, None),
            ("https://a.test/users/", r#"{"id":null}"#, None),
            ("https://a.test/users/", r#"{"id":1.5}"#, None),
            ("https://a.test/users/", "", None),
        ] {
            assert_eq!(
                place_of_made(&url.parse().unwrap(), body.as_bytes()).as_deref(),
                want,
                "{url} {body}"
            );
        }
    }
}
