// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * A fault inside libcrux.
 *
 * @since 0.2
 */
public class InternalException extends CruxException {
    private static final long serialVersionUID = 1L;

    InternalException(String message, Response response) {
        super(Constants.ERR_INTERNAL, message, response);
    }
}
