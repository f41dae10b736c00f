package org.libcrux;

import java.io.IOException;
import java.time.Duration;

/**
 * A request, login, job, page or download that did not succeed. Each outcome has a class of its own below this one. The
 * message is a sentence for a person, and holds no secret.
 *
 * @since 0.2
 */
public class CruxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final int status;
    private final String serverMessage;
    private final boolean retryable;
    private final boolean maybeSent;
    private final long retryAfterMs;
    private final transient Response response;

    CruxException(int code, String message, Response response) {
        super(message);
        this.code = code;
        this.response = response;
        boolean sent = response != null;
        status = sent ? response.status() : 0;
        serverMessage = sent ? response.info("server_message") : null;
        retryable = sent && response.number("retryable") == 1;
        maybeSent = sent && response.number("maybe_sent") == 1;
        retryAfterMs = sent ? response.number("retry_after_ms") : -1;
    }

    /** Returns the number of the outcome, such as {@link Constants#ERR_HTTP}. */
    public int code() {
        return code;
    }

    /** Returns the HTTP status; 0 if there was no response. */
    public int status() {
        return status;
    }

    /** Returns what the server says about it; null if nothing. */
    public String serverMessage() {
        return serverMessage;
    }

    /** Returns whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns whether the request may have reached the server. */
    public boolean maybeSent() {
        return maybeSent;
    }

    /** Returns how long the server asks to wait; null if it does not say. */
    public Duration retryAfter() {
        return retryAfterMs < 0 ? null : Duration.ofMillis(retryAfterMs);
    }

    /** Returns the response, with status, headers and body; null if nothing was sent, and after serialization. */
    public Response response() {
        return response;
    }
}
