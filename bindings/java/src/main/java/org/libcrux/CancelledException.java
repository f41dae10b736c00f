// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The operation was cancelled.
 *
 * @since 0.2
 */
public class CancelledException extends CruxException {
    private static final long serialVersionUID = 1L;

    CancelledException(String message, Response response) {
        super(Constants.ERR_CANCELLED, message, response);
    }
}
