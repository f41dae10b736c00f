// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * An argument or option is not usable; nothing was sent.
 *
 * @since 0.2
 */
public class ArgumentException extends CruxException {
    private static final long serialVersionUID = 1L;

    ArgumentException(String message, Response response) {
        super(Constants.ERR_ARGUMENT, message, response);
    }
}
