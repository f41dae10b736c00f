//! Any other service: what options do not say is the most usual.

use super::{
    ANY_EXPIRED, ANY_MESSAGES, ANY_ONCE, ANY_PAGES, ANY_SECRET_PATHS, Encoding, Env, Jobs, Login,
    ProgressShape, ResultShape, Service, Upload,
};

pub const CUSTOM: Service = Service {
    name: "custom",
    title: "the service",
    base_url: None,
    login: Login {
        path: "login",
        method: "POST",
        encoding: Encoding::Json,
        user_field: "username",
        secret_field: "password",
        extra: "",
        token_pointer: "/token",
        scheme: "Bearer",
        header: "Authorization",
        lifetime_ms: 0,
        method_path: "",
    },
    logout_path: "",
    reset_path: "",
    json_type: "application/json",
    always_typed: false,
    upload: Upload { path: "", field: "", name_field: "" },
    jobs: Some(Jobs {
        only_accepted: true,
        unnamed_is_error: true,
        handles: &["/value", "/progress_url", "/status_url"],
        path: "",
        progress: ProgressShape::Percent { percent: "/value/progress", message: "/value/message" },
        result: Some(ResultShape {
            status: "/body/status",
            failed: &["error", "failed", "conflict"],
            running: &["analyzing", "importing", "pending"],
            messages: &["/body/error", "/body/message", "/body/error/message"],
        }),
    }),
    pages: ANY_PAGES,
    ids: &["/uuid", "/export/uuid", "/order_uuid", "/request_uuid"],
    env: &[Env { base_url: "CRUX_API", token: "CRUX_TOKEN", user: "CRUX_USER", secret: "CRUX_PASSWORD" }],
    expired: ANY_EXPIRED,
    once: ANY_ONCE,
    secret_paths: ANY_SECRET_PATHS,
    messages: ANY_MESSAGES,
    notes: &[],
    advice: &[],
};
