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

    /** Puts a token into the library's buffer. */
    long fetch(long refused, long buffer, long capacity) throws Exception {
        String token = token(Text.at(refused));
        try {
            byte[] bytes = token == null ? new byte[0] : Text.utf8(token);
            if (bytes.length > capacity) {
                throw new IllegalArgumentException("The token is longer than " + capacity + " bytes.");
            }
            Ffi.put(buffer, bytes, bytes.length);
            return bytes.length;
        } catch (IllegalArgumentException error) {
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
