//! The sentence for a TLS connection that failed: each cause its own. rustls' words stay inside: they may quote the peer.

use std::fmt;

use rustls::{
    AlertDescription as Alert, CertificateError, Error as E, InvalidMessage, OtherError, PeerIncompatible,
    PeerMisbehaved,
};

use crate::error::{Code, Error};
use crate::sys::trust;
use crate::transport::foreign;
use crate::transport::tls::certificate::{Facts, oid};

/// Why a server's certificate is refused, where rustls has no word for it, or too wide a one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    SelfSigned,
    NotPinned,
    Version1,
    /// Signed with a hash that can be forged.
    WeakHash(&'static str),
    ShortKey(usize),
    Key(&'static str),
    Sha512,
    /// Signed in a way that is not supported, though it may be safe.
    Signature(&'static str),
    /// Not the server's own certificate, but one above it, has expired, or is not valid yet.
    ExpiredIssuer,
    EarlyIssuer,
    TooDeep,
    /// By the name of an authority that is known, but not with its key.
    OtherKey,
    NoNames,
    /// The environment names authorities that cannot be read.
    Authorities(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Cause {}

impl From<Cause> for E {
    fn from(cause: Cause) -> E {
        E::InvalidCertificate(CertificateError::Other(OtherError(std::sync::Arc::new(cause))))
    }
}

/// A kind of key that cannot be used here; `None` = one that can.
pub fn unsupported_key(facts: &Facts<'_>) -> Option<Cause> {
    match facts.key {
        oid::RSA if facts.rsa_bits < 2048 => Some(Cause::ShortKey(facts.rsa_bits)),
        oid::RSA | oid::ED25519 => None,
        oid::EC if facts.curve == oid::P256 || facts.curve == oid::P384 => None,
        oid::EC if facts.curve == oid::P521 => Some(Cause::Key("P-521")),
        oid::EC => Some(Cause::Key("an elliptic curve other than P-256 and P-384")),
        oid::RSA_PSS => Some(Cause::Key("RSA-PSS")),
        oid::ED448 => Some(Cause::Key("Ed448")),
        oid::DSA => Some(Cause::Key("DSA")),
        _ => Some(Cause::Key("an unknown kind")),
    }
}

/// What else is known of a connection whose TLS failed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// Whether the server has asked for a client certificate, and whether there is one.
    pub asked: bool,
    pub own: bool,
    /// Whether pins count for the host.
    pub pins: bool,
    /// First bytes that are no TLS.
    pub first: &'a [u8],
}

pub(super) fn tls(message: impl Into<String>) -> Error {
    Error::new(Code::Tls, message)
}

const KEY_FORM: &str = "it needs a certificate with an RSA key of 2048 bits or more, P-256, P-384 or Ed25519";

/// What helps with a certificate that no authority vouches for.
fn advice(pins: bool) -> String {
    let pin = if pins { ", or pin its key with \"tls.pin_sha256\"" } else { "" };
    format!("if you know the server, add its certificate with the option \"tls.ca_file\"{pin}.")
}

fn of_cause(cause: &Cause, host: &str, pins: bool) -> String {
    match cause {
        Cause::SelfSigned => format!(
            "The certificate of {host} is self-signed, and not among the authorities that are trusted; {}",
            advice(pins)
        ),
        Cause::NotPinned => format!(
            "The key of {host} is none of those pinned with the option \"tls.pin_sha256\"; somebody may be in between."
        ),
        Cause::Version1 => format!(
            "The certificate chain of {host} holds an X.509 version 1 certificate, which cannot be verified; its owner must issue a version 3 certificate."
        ),
        Cause::WeakHash(name) => format!(
            "The certificate chain of {host} is signed with {name}, which can be forged; its owner must have it signed with SHA-256 or better."
        ),
        Cause::ShortKey(bits) => {
            format!(
                "The certificate chain of {host} has an RSA key of {bits} bits, which is too short; {KEY_FORM}."
            )
        }
        Cause::Key(kind) => format!(
            "The certificate chain of {host} has a key of a kind that is not supported ({kind}); {KEY_FORM}."
        ),
        Cause::Sha512 => format!(
            "The certificate chain of {host} is signed with SHA-512 by an elliptic-curve key, a combination that is not supported; its owner must have it signed with SHA-256 or SHA-384."
        ),
        Cause::Signature(name) => format!(
            "The certificate chain of {host} is signed with {name}, which is not supported; its owner must have it signed with SHA-256 or SHA-384."
        ),
        Cause::ExpiredIssuer => format!(
            "The certificate of {host} is within its dates, but that of an authority in its chain has expired; its owner must send a current chain, or this computer's clock is wrong."
        ),
        Cause::EarlyIssuer => format!(
            "The certificate of {host} is within its dates, but that of an authority in its chain is not valid yet; check this computer's clock."
        ),
        Cause::TooDeep => format!(
            "The certificate chain of {host} has more intermediate authorities than are followed; name the nearest of them with the option \"tls.ca_file\"."
        ),
        Cause::OtherKey => format!(
            "The certificate of {host} names an authority that is known, but was not signed with its key; the authority may have been made anew under the same name: get its present certificate for the option \"tls.ca_file\"."
        ),
        Cause::NoNames => format!(
            "The certificate of {host} names its host only as CN, which no longer counts; its owner must issue one with subjectAltName."
        ),
        Cause::Authorities(why) => format!(
            "The certificate of {host} could not be verified, because the system's authorities could not be read: {why}."
        ),
    }
}

fn of_certificate(error: &CertificateError, host: &str, pins: bool) -> String {
    use CertificateError as C;
    match error {
        C::Expired | C::ExpiredContext { .. } => format!(
            "The certificate of {host} has expired; its owner must renew it, or this computer's clock is wrong."
        ),
        C::NotValidYet | C::NotValidYetContext { .. } => {
            format!("The certificate of {host} is not valid yet; check this computer's clock.")
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            format!("The certificate shown is for another host than {host}; check the name in the URL.")
        }
        C::UnknownIssuer => format!(
            "The certificate of {host} was issued by an authority that this computer does not know; \
             if it is your company's, name its file in the option \"tls.ca_file\"."
        ),
        C::Revoked => format!("The certificate of {host} has been revoked; its owner must replace it."),
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => {
            format!("The certificate of {host} is not meant for servers; its owner must issue one that is.")
        }
        C::BadSignature => format!(
            "The signature of {host} does not fit its certificate; its owner must check the certificate chain."
        ),
        C::BadEncoding => {
            format!("The certificate of {host} cannot be read; its owner must check how it was made.")
        }
        C::UnhandledCriticalExtension => format!(
            "The certificate of {host} has a critical extension that is not known, so it must be refused."
        ),
        C::UnsupportedSignatureAlgorithmContext { .. }
        | C::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            format!("The certificate chain of {host} is signed in a way that is not supported; {KEY_FORM}.")
        }
        C::Other(OtherError(inner)) => match (inner.downcast_ref(), inner.downcast_ref()) {
            (Some(cause), _) => of_cause(cause, host, pins),
            (_, Some(webpki::Error::CaUsedAsEndEntity)) => format!(
                "The certificate of {host} is that of an authority, used as a server's own; {}",
                advice(pins)
            ),
            (_, Some(webpki::Error::EndEntityUsedAsCa)) => format!(
                "The certificate of {host} was issued by a certificate that is not an authority's; its owner must check the certificate chain."
            ),
            (_, Some(webpki::Error::NameConstraintViolation)) => format!(
                "The authority of {host} may not issue certificates for this name; its owner must get one from another."
            ),
            (_, Some(webpki::Error::PathLenConstraintViolated)) => format!(
                "The certificate chain of {host} is longer than one of its authorities allows; its owner must check it."
            ),
            (_, Some(webpki::Error::UnsupportedCriticalExtension)) => {
                of_certificate(&C::UnhandledCriticalExtension, host, pins)
            }
            (_, Some(_)) => format!("The certificate of {host} breaks a rule of X.509, so it was refused."),
            (None, None) => match trust::words(&inner.to_string()) {
                Some(words) => format!("The certificate of {host} was refused by the system: {words}."),
                // What the platform's verifier makes of a purpose that does not fit.
                None => of_certificate(&C::InvalidPurpose, host, pins),
            },
        },
        _ => format!("The certificate of {host} breaks a rule of X.509, so it was refused."),
    }
}

fn of_alert(alert: Alert, host: &str, seen: &Seen<'_>) -> String {
    const FILE: &str = "(option \"tls.client_cert_file\")";
    match alert {
        Alert::ProtocolVersion => format!(
            "{host} offers no TLS version that is allowed (1.2 and 1.3, option \"tls.min_version\"); its owner must enable one."
        ),
        Alert::CertificateRequired
        | Alert::BadCertificate
        | Alert::CertificateUnknown
        | Alert::UnsupportedCertificate
        | Alert::UnknownCA
        | Alert::AccessDenied
        | Alert::HandshakeFailure
            if seen.asked && !seen.own || alert == Alert::CertificateRequired =>
        {
            format!(
                "{host} wants a client certificate, and there is none for its origin; set the options \"tls.client_cert_file\" and \"tls.client_key_file\", and for another origin than that of the base also \"origins\"."
            )
        }
        Alert::CertificateExpired if seen.own => {
            format!("{host} says that the client certificate {FILE} has expired; get a new one.")
        }
        Alert::CertificateRevoked if seen.own => {
            format!("{host} says that the client certificate {FILE} has been revoked; get a new one.")
        }
        Alert::UnknownCA if seen.own => format!(
            "{host} does not know the authority that issued the client certificate {FILE}; get one from an authority that it knows."
        ),
        Alert::BadCertificate
        | Alert::CertificateUnknown
        | Alert::UnsupportedCertificate
        | Alert::AccessDenied
        | Alert::DecryptError
        | Alert::HandshakeFailure
            if seen.own && seen.asked =>
        {
            format!("{host} did not accept the client certificate {FILE} ({}).", name(alert))
        }
        Alert::HandshakeFailure | Alert::InsufficientSecurity => format!(
            "{host} and libcrux have no TLS algorithm in common ({}); its owner must enable a current cipher suite, or {KEY_FORM}.",
            name(alert)
        ),
        Alert::UnrecognisedName => {
            format!("{host} serves no host of that name by TLS; check the name in the URL.")
        }
        Alert::InternalError => format!("{host} failed inside during the TLS handshake; try again later."),
        other => format!("{host} refused the TLS connection ({}).", name(other)),
    }
}

fn name(alert: Alert) -> String {
    // An enumeration, so that nothing of the peer's words gets in.
    format!("alert {}, {alert:?}", u8::from(alert))
}

/// The error of a server whose certificate has been looked at.
pub fn explain_cause(cause: &Cause, host: &str) -> Error {
    tls(of_cause(cause, host, false))
}

/// The error of a TLS connection that failed.
pub fn explain(error: &E, host: &str, seen: &Seen<'_>) -> Error {
    tls(match error {
        E::InvalidCertificate(why) => of_certificate(why, host, seen.pins),
        E::AlertReceived(alert) => of_alert(*alert, host, seen),
        E::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            match foreign::guess(seen.first) {
                Some(what) => format!(
                    "{host} did not answer in TLS; what came looks like {what}. Check the scheme and the port of the URL."
                ),
                None => format!(
                    "{host} did not answer in TLS; the port may speak plain http, or a proxy is in between."
                ),
            }
        }
        E::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => of_alert(Alert::ProtocolVersion, host, seen),
        E::PeerIncompatible(_)
        | E::PeerMisbehaved(
            PeerMisbehaved::SelectedUnofferedCipherSuite
            | PeerMisbehaved::IllegalHelloRetryRequestWithUnofferedNamedGroup,
        ) => of_alert(Alert::HandshakeFailure, host, seen),
        E::DecryptError => {
            format!(
                "The TLS connection to {host} broke: what came was damaged on the way, or is not from it."
            )
        }
        E::InvalidMessage(_) | E::InappropriateMessage { .. } | E::InappropriateHandshakeMessage { .. } => {
            format!("{host} broke the rules of TLS: a message was malformed, or came at the wrong time.")
        }
        E::PeerMisbehaved(_) => format!("{host} broke the rules of TLS: it chose what was not offered."),
        _ => format!("The TLS connection to {host} failed."),
    })
}
