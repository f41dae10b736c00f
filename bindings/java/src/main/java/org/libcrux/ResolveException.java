// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The host name could not be resolved.
 *
 * @since 0.2
 */
public class ResolveException extends CruxException {
    private static final long serialVersionUID = 1L;

    ResolveException(String message, Response response) {
        super(Constants.ERR_RESOLVE, message, response);
    }
}
