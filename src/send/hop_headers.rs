//! The headers of one hop, decided anew for each: what is the client's and the caller's, and the token, or only
//! what is safe to show to anybody.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

use crate::headers;
use crate::send::Run;
use crate::session::Token;
use crate::transport::http::head_lines::HeadLines;

/// What a hop carries.
pub struct HopHeaders<'a> {
    pub headers: Cow<'a, HeaderMap>,
    /// What is the same for all requests, ready-made, unless the caller has a say in it.
    pub lines: Option<HeadLines>,
    /// The type of the body, if neither of them has it.
    pub kind: Option<&'a HeaderValue>,
}

impl Run<'_> {
    pub(super) fn headers(&self, own: bool, token: Option<&Token>) -> HopHeaders<'_> {
        let given = self.given(own);
        let row = self.client.profile.service;
        let kind = self.body.and_then(|(_, kind)| kind.as_ref());
        let typed = match self.body {
            Some(_) => kind.is_some_and(|kind| kind == row.json_type),
            None => own && row.always_typed,
        };
        let usual = self.client.headers(own);
        if !self.request.identity && !given.keys().any(|name| usual.contains_key(name)) {
            let has_type = given.contains_key(header::CONTENT_TYPE);
            let lines = self.client.lines(token, own, typed && !has_type);
            let kind = kind.filter(|_| !typed && !has_type);
            return HopHeaders { headers: given, lines: Some(lines), kind };
        }
        let mut headers = self.merged(usual, &given, token);
        if typed && !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(row.json_type));
        }
        let kind = kind.filter(|_| !headers.contains_key(header::CONTENT_TYPE));
        HopHeaders { headers: Cow::Owned(headers), lines: None, kind }
    }

    /// What the caller gave, as far as it may go there.
    fn given(&self, own: bool) -> Cow<'_, HeaderMap> {
        let given = &self.request.headers;
        // What was said of the body does not hold after a redirect that dropped it.
        let has_lost_body = self.body.is_none() && self.request.body.is_some();
        if given.is_empty() || own && !has_lost_body {
            return Cow::Borrowed(given);
        }
        let may_go = |name| own || headers::is_harmless(name);
        let fits = |name| may_go(name) && !(has_lost_body && name == header::CONTENT_TYPE);
        let kept = given.iter().filter(|(name, _)| fits(name));
        Cow::Owned(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The usual headers, those of the caller's in their place or beside them, and the token.
    fn merged(&self, usual: &HeaderMap, given: &HeaderMap, token: Option<&Token>) -> HeaderMap {
        let mut headers = usual.clone();
        for (name, value) in given {
            match usual.contains_key(name) {
                true => drop(headers.insert(name, value.clone())),
                false => drop(headers.append(name, value.clone())),
            }
        }
        if self.request.identity {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if let Some(token) = token {
            headers.insert(&token.header.0, token.header.1.clone());
        }
        headers
    }
}
