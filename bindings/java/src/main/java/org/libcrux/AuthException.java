// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The login was refused, or the server did not accept the token.
 *
 * @since 0.2
 */
public class AuthException extends CruxException {
    private static final long serialVersionUID = 1L;

    AuthException(String message, Response response) {
        super(Constants.ERR_AUTH, message, response);
    }
}
