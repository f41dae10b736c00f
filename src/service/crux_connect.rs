//! Crux Connect: product data in orders and exports. `docs/services.md` has the facts.

use super::{
    ANY_EXPIRED, ANY_MESSAGES, ANY_ONCE, ANY_PAGES, ANY_SECRET_PATHS, Advice, Encoding, Env, Jobs, Login,
    Note, ProgressShape, Service, Upload,
};

pub const PRODUCTION: Service = Service {
    name: "crux-connect",
    title: "Crux Connect",
    base_url: Some("https://api.cruxconnect.com/api/"),
    ..BOTH
};

pub const SANDBOX: Service = Service {
    name: "crux-connect-sandbox",
    title: "the Crux Connect sandbox",
    base_url: Some("https://api-sandbox.cruxconnect.com/api/"),
    ..BOTH
};

const BOTH: Service = Service {
    name: "",
    title: "",
    base_url: None,
    login: Login {
        path: "organizations/user-login/",
        method: "POST",
        encoding: Encoding::Json,
        user_field: "username",
        secret_field: "password",
        extra: "",
        token_pointer: "/auth_token",
        scheme: "Token",
        header: "Authorization",
        lifetime_ms: 7_200_000,
        method_path: "",
    },
    logout_path: "",
    reset_path: "organizations/reset-password/",
    json_type: "application/json; charset=utf-8",
    always_typed: true,
    upload: Upload { path: "organizations/files/upload/", field: "file", name_field: "filename" },
    jobs: Some(Jobs {
        only_accepted: false,
        unnamed_is_error: false,
        handles: &["/export/uuid", "/uuid"],
        path: "data/export/{}/",
        progress: ProgressShape::Record { status: "/status", url: "/url" },
        result: None,
    }),
    pages: ANY_PAGES,
    ids: &["/uuid", "/export/uuid", "/order_uuid", "/request_uuid"],
    env: &[Env { base_url: "CRUX_API", token: "CRUX_TOKEN", user: "CRUX_USER", secret: "CRUX_PASSWORD" }],
    expired: ANY_EXPIRED,
    once: ANY_ONCE,
    secret_paths: ANY_SECRET_PATHS,
    messages: ANY_MESSAGES,
    notes: &[Note {
        method: "GET",
        path: "/accept-invite/",
        status: 201,
        text: "The invitation had expired; a new e-mail was sent.",
    }],
    advice: &[Advice {
        status: 409,
        said: "",
        text: "The organization is of the wrong type, or something else must be done first.",
    }],
};
