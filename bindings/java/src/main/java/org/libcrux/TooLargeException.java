// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The response is larger than the limit.
 *
 * @since 0.2
 */
public class TooLargeException extends CruxException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message, Response response) {
        super(Constants.ERR_TOO_LARGE, message, response);
    }
}
