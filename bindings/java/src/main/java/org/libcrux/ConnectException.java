// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * No connection could be made.
 *
 * @since 0.2
 */
public class ConnectException extends CruxException {
    private static final long serialVersionUID = 1L;

    ConnectException(String message, Response response) {
        super(Constants.ERR_CONNECT, message, response);
    }
}
