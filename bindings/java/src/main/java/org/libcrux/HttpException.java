// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The server answered with an error status, or a redirect that is not followed.
 *
 * @since 0.2
 */
public class HttpException extends CruxException {
    private static final long serialVersionUID = 1L;

    HttpException(String message, Response response) {
        super(Constants.ERR_HTTP, message, response);
    }
}
