# Made from include/crux.json by "make bindings".

# An option as it is written in R, and its key.
option_keys <- c(
  service = "service",
  base_url = "base_url",
  user = "user",
  secret = "secret",
  token = "token",
  token_file = "token_file",
  keep_password = "keep_password",
  allow_http = "allow_http",
  origins = "origins",
  user_agent = "user_agent",
  max_body = "max_body",
  log_level = "log.level",
  login_path = "login.path",
  login_method = "login.method",
  login_encoding = "login.encoding",
  login_when = "login.when",
  login_user_field = "login.user_field",
  login_secret_field = "login.secret_field",
  login_extra = "login.extra",
  login_token_pointer = "login.token_pointer",
  login_mode = "login.mode",
  logout_path = "logout.path",
  reset_path = "reset.path",
  auth_scheme = "auth.scheme",
  auth_header = "auth.header",
  headers = "headers",
  token_expires_pointer = "token.expires_pointer",
  token_lifetime_ms = "token.lifetime_ms",
  token_renew_before_ms = "token.renew_before_ms",
  refresh_path = "refresh.path",
  refresh_field = "refresh.field",
  refresh_pointer = "refresh.pointer",
  refresh_extra = "refresh.extra",
  page_next_pointer = "page.next_pointer",
  upload_field = "upload.field",
  error_pointers = "error.pointers",
  timeout_resolve_ms = "timeout.resolve_ms",
  timeout_connect_ms = "timeout.connect_ms",
  timeout_head_ms = "timeout.head_ms",
  timeout_idle_ms = "timeout.idle_ms",
  timeout_total_ms = "timeout.total_ms",
  retry_max = "retry.max",
  retry_max_wait_ms = "retry.max_wait_ms",
  redirect_max = "redirect.max",
  tls_ca_file = "tls.ca_file",
  tls_ca_pem = "tls.ca_pem",
  tls_pin_sha256 = "tls.pin_sha256",
  tls_client_cert_file = "tls.client_cert_file",
  tls_client_key_file = "tls.client_key_file",
  tls_min_version = "tls.min_version",
  tls_verify = "tls.verify",
  proxy = "proxy",
  no_proxy = "no_proxy",
  pool_max_idle = "pool.max_idle",
  job_timeout_ms = "job.timeout_ms",
  job_location_pointer = "job.location_pointer",
  job_status_pointer = "job.status_pointer",
  job_percent_pointer = "job.percent_pointer",
  job_result_pointer = "job.result_pointer",
  job_done = "job.done",
  job_failed = "job.failed",
  result_pointers = "result.pointers",
  idempotent = "idempotent",
  save = "save",
  await = "await",
  stream = "stream",
  tick_every_ms = "tick.every_ms",
  background_max = "background.max",
  event_early = "event.early",
  resume = "resume",
  sha256 = "sha256"
)

# The options that hold a JSON document.
json_options <- c("login_extra", "refresh_extra")

# The word of each outcome, by its code.
outcomes <- c(
  "argument",
  "resolve",
  "connect",
  "tls",
  "io",
  "protocol",
  "timeout",
  "cancelled",
  "auth",
  "http",
  "too_large",
  "job",
  "file",
  "internal"
)

# The levels of the log.
log_levels <- c(off = 0L, error = 1L, warning = 2L, info = 3L, debug = 4L, trace = 5L)

# What a call does while it waits.
phases <- c(login = 1L, connect = 2L, send = 3L, wait = 4L, receive = 5L, pause = 6L, job = 7L)
