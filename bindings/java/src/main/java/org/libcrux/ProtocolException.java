// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The server's response is not valid HTTP, or not what the service promises.
 *
 * @since 0.2
 */
public class ProtocolException extends CruxException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message, Response response) {
        super(Constants.ERR_PROTOCOL, message, response);
    }
}
