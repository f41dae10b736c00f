// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * A trusted, encrypted connection could not be made.
 *
 * @since 0.2
 */
public class TlsException extends CruxException {
    private static final long serialVersionUID = 1L;

    TlsException(String message, Response response) {
        super(Constants.ERR_TLS, message, response);
    }
}
