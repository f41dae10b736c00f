// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * A time limit was reached.
 *
 * @since 0.2
 */
public class TimeoutException extends CruxException {
    private static final long serialVersionUID = 1L;

    TimeoutException(String message, Response response) {
        super(Constants.ERR_TIMEOUT, message, response);
    }
}
