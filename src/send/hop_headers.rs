//! The headers of one hop, decided anew for each: what is the client's and the caller's, and the token, or only
//! what is safe to show to anybody.

use http::{HeaderMap, HeaderValue, header};

use crate::headers;
use crate::send::Run;
use crate::session::Token;
use crate::transport::http::head_lines::HeadLines;
use crate::transport::net::route::Route;

impl Run<'_> {
    /// What is the same for all requests comes ready-made, unless the caller has a say in it.
    pub(super) fn headers(
        &self,
        own: bool,
        route: &Route,
        token: Option<&Token>,
    ) -> (HeaderMap, Option<HeadLines>) {
        // First of all, as RFC 9110 recommends.
        let mut headers = HeaderMap::with_capacity(3);
        headers.insert(header::HOST, route.host.clone());
        let as_always = self.request.headers.is_empty() && !self.request.identity;
        if !as_always {
            self.add_usual_and_own(&mut headers, own, token);
        }
        if self.body.is_none() && self.request.body.is_some() {
            // What was said of the body does not hold after a redirect that dropped it.
            headers.remove(header::CONTENT_TYPE);
        }
        let row = self.client.profile.service;
        let typed = match self.body {
            Some((_, kind)) => kind.as_ref().is_some_and(|kind| kind == row.json_type),
            None => own && row.always_typed,
        };
        if as_always && typed {
            return (headers, Some(self.client.lines(token, own, true)));
        }
        let kind = match self.body {
            Some((_, kind)) => kind.clone(),
            None => typed.then(|| HeaderValue::from_static(row.json_type)),
        };
        if let Some(kind) = kind.filter(|_| !headers.contains_key(header::CONTENT_TYPE)) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        (headers, as_always.then(|| self.client.lines(token, own, false)))
    }

    fn add_usual_and_own(&self, headers: &mut HeaderMap, own: bool, token: Option<&Token>) {
        let usual = self.client.headers(own);
        headers.extend(usual.clone());
        for (name, value) in &self.request.headers {
            match own || headers::is_harmless(name) {
                true if usual.contains_key(name) => drop(headers.insert(name, value.clone())),
                true => drop(headers.append(name, value.clone())),
                false => {}
            }
        }
        if self.request.identity {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if let Some(token) = token {
            headers.insert(&token.header.0, token.header.1.clone());
        }
    }
}
