package org.libcrux;

/** The token source of a client, and what it has thrown: that becomes the cause of what the requests throw. */
final class Tokens implements TokenSource {
    private final TokenSource source;
    private volatile Throwable failure;

    Tokens(TokenSource source) {
        this.source = source;
    }

    @Override
    public String token(String refused) throws Exception {
        try {
            String token = source.token(refused);
            failure = null;
            return token;
        } catch (Throwable error) {
            failure = error;
            throw error;
        }
    }

    void explain(CruxException error) {
        if (error instanceof AuthException && failure != null) {
            error.initCause(failure);
        }
    }
}
