package org.libcrux;

/**
 * Fetches a token from elsewhere: a keyring, a vault, single sign-on. One request at a time asks, for all.
 *
 * @since 0.2
 */
@FunctionalInterface
public interface TokenSource {
    /**
     * Returns a token.
     *
     * @param refused the token that the server refused; null if none was
     * @return the token; null if there is none
     * @throws Exception to give up: the request then fails with an {@link AuthException} whose cause it is
     */
    String token(String refused) throws Exception;
}
