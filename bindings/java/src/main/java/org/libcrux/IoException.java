// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The connection broke.
 *
 * @since 0.2
 */
public class IoException extends CruxException {
    private static final long serialVersionUID = 1L;

    IoException(String message, Response response) {
        super(Constants.ERR_IO, message, response);
    }
}
