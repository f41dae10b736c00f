//! What an answer comes to: success, or an error with a sentence; and the facts that go with either.

use http::{HeaderMap, header};
use zeroize::Zeroizing;

use crate::address;
use crate::address::shown;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json, Type, escape};
use crate::log::Level;
use crate::send::Run;
use crate::send::request::Want;
use crate::status;
use crate::transport::Answer;

/// Most of an error document that is kept.
const ERROR_BODY: u64 = 1024 * 1024;

impl Run<'_> {
    /// Takes over an answer that ends the request.
    pub(super) fn finish(&mut self, mut answer: Answer, refused: Option<&str>) -> Result<()> {
        let code = answer.status;
        self.finished.status = code;
        self.note_url();
        self.finished.verified = answer.body.is_verified();
        self.take_facts(&answer.headers);
        let exists = code == 303 && refused.is_none();
        let wanted = (200..300).contains(&code) || code == 304 || exists;
        // How far a file is, its download tells; the document of an error is no part of a stream.
        if !self.request.identity && (wanted || self.want == Want::Buffer) {
            let total = answer.body.length();
            answer.body.count(0, total);
        }
        if !wanted {
            self.refused |= code == 407;
            self.keep_error(&mut answer);
            if self.exchange.is_cancelled() {
                return Err(Error::cancelled());
            }
            return Err(self.http_error(code, refused));
        }
        self.finished.headers = std::mem::take(&mut answer.headers);
        self.finished.note = self.note(code);
        match self.want {
            Want::Stream => self.finished.stream = Some(Box::new(answer.body)),
            Want::Buffer => self.finished.body = answer.body.read_all(self.settings.max_body)?,
        }
        Ok(())
    }

    fn note(&self, code: u16) -> Option<String> {
        self.client.profile.service.note(&self.method, &self.url, code).map(str::to_owned)
    }

    fn take_facts(&mut self, headers: &HeaderMap) {
        // Where a POST was sent on to is what its caller asks about, whatever is answered there.
        if self.finished.location.is_none()
            && let Some(location) = text(headers, header::LOCATION)
        {
            let whole = address::resolve(&self.url, &location).map_or(location, |url| url.to_string());
            self.finished.location = Some(whole);
        }
        if let Some(warning) = text(headers, header::WARNING) {
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
    pub(super) fn keep_error(&mut self, answer: &mut Answer) {
        self.finished.status = answer.status;
        self.note_url();
        let limit = self.settings.max_body.min(ERROR_BODY);
        self.finished.body = answer.body.read_document(limit);
        self.finished.headers = answer.headers.clone();
        let index = Index::default();
        let json = Json::new(&self.finished.body, &index);
        let pointers = &self.client.profile.messages;
        let mut found =
            pointers.iter().find_map(|pointer| json.string(pointer)).map(|text| text.into_owned());
        if found.is_none() {
            found = field_errors(&json);
        }
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
        for secret in shown::secrets(&self.url, self.client.profile.service.secret_paths) {
            clean = crate::secret::hide(&secret, clean);
        }
        status::one_line(&clean)
    }

    fn http_error(&self, code: u16, refused: Option<&str>) -> Error {
        // Another server, such as a storage service, speaks for itself and knows no account of ours.
        let ours = self.client.covers(&self.url);
        let title = match self.url.host_str() {
            Some(host) if !ours => host,
            _ => self.client.profile.service.title,
        };
        let place = self.client.shown(&self.url);
        let said = self.finished.server_message.as_deref().unwrap_or_default();
        let colon = if said.is_empty() { "" } else { ": " };
        let head =
            format!("{title} answered {code} {} to {} {place}{colon}{said}", status::name(code), self.method);
        let head = head.trim_end_matches(['.', ' ', '\n']);
        if code == 407
            && let Ok(route) = self.client.way_to(&self.url).map(|(_, route)| route)
            && let Some(proxy) = &route.proxy
        {
            let offers = self.finished.headers.get_all(header::PROXY_AUTHENTICATE).iter();
            let offers: Vec<_> = offers.map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).collect();
            return crate::transport::net::wants_credentials(proxy, &offers);
        }
        if code == 401 {
            return Error::new(
                Code::Auth,
                format!(
                    "{head}. {}",
                    self.client.why_unauthorized(self.finished.token_source.as_ref(), &self.url)
                ),
            );
        }
        match refused {
            Some(why) => Error::new(Code::Http, format!("{head}. This redirect {why}.")),
            None => {
                let of_accounts = !ours && matches!(code, 403 | 404);
                let own = self.client.profile.service.advice(code, said).filter(|_| ours);
                let advice = if of_accounts { "" } else { own.unwrap_or_else(|| status::advice(code)) };
                let gap = if advice.is_empty() { "" } else { " " };
                Error::new(Code::Http, format!("{head}.{gap}{advice}"))
            }
        }
    }
}

/// A header's first value as text; bytes that are no UTF-8 are replaced.
pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Errors given as `{"field": ["what is wrong", …], …}`.
fn field_errors(json: &Json<'_>) -> Option<String> {
    let mut told = Vec::new();
    for index in 0..json.count("").min(10) {
        let Some(key) = json.key("", index) else { break };
        let pointer = format!("/{}", escape(&key));
        let first = match json.kind(&pointer) {
            Type::Array => json.string(&format!("{pointer}/0")),
            _ => None,
        };
        if let Some(text) = first {
            told.push(format!("{key}: {text}"));
        }
    }
    if told.is_empty() { None } else { Some(told.join("; ")) }
}
