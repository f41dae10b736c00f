//! Crunch: survey datasets, hypermedia links, long-running jobs. `docs/services.md` has the facts.

use super::{
    ANY_EXPIRED, ANY_MESSAGES, ANY_ONCE, ANY_PAGES, ANY_SECRET_PATHS, Advice, Encoding, Env, Jobs, Login,
    Pages, ProgressShape, ResultShape, Service, Upload,
};

pub const CRUNCH: Service = Service {
    name: "crunch",
    title: "Crunch",
    base_url: Some("https://app.crunch.io/api/"),
    login: Login {
        path: "public/login/",
        method: "POST",
        encoding: Encoding::Json,
        user_field: "email",
        secret_field: "password",
        extra: r#"{"token":true}"#,
        token_pointer: "/access_token",
        scheme: "Bearer",
        header: "Authorization",
        lifetime_ms: 0,
        method_path: "public/login/",
    },
    logout_path: "logout/",
    reset_path: "public/password_reset/",
    json_type: "application/json",
    always_typed: false,
    upload: Upload { path: "sources/", field: "uploaded_file", name_field: "" },
    jobs: Some(Jobs {
        only_accepted: true,
        unnamed_is_error: false,
        handles: &["/value"],
        path: "",
        progress: ProgressShape::Percent { percent: "/value/progress", message: "/value/message" },
        // An unknown job counts as finished, so the result is looked at.
        result: Some(ResultShape {
            status: "/body/status",
            failed: &["error", "failed", "conflict"],
            running: &["analyzing", "importing", "pending"],
            messages: &["/body/error", "/body/message", "/body/conflicts"],
        }),
    }),
    pages: Pages {
        // A search has a group of its own for each kind of thing that was found.
        items: &["/value/groups/0/datasets", "/value/groups/0/variables", "/index", "/value", "/graph"],
        totals: &[
            "/value/groups/0/totals/datasets",
            "/value/groups/0/totals/variables",
            "/total",
            "/total_count",
        ],
        // The values of a variable are asked for by `start` and `total`.
        sizes: &["limit", "total", "per_page", "page_size"],
        ..ANY_PAGES
    },
    ids: &["/uuid", "/export/uuid", "/order_uuid", "/request_uuid"],
    env: &[
        Env { base_url: "R_CRUNCH_API", token: "R_CRUNCH_API_KEY", user: "", secret: "" },
        Env { base_url: "CRUNCH_URL", token: "CRUNCH_API_KEY", user: "", secret: "" },
    ],
    expired: ANY_EXPIRED,
    once: ANY_ONCE,
    secret_paths: ANY_SECRET_PATHS,
    messages: ANY_MESSAGES,
    notes: &[],
    advice: &[Advice {
        status: 409,
        said: "current editor",
        text: "Make yourself the current editor first (PATCH current_editor), then try again.",
    }],
};
