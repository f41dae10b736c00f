// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * A local file could not be read or written.
 *
 * @since 0.2
 */
public class FileException extends CruxException {
    private static final long serialVersionUID = 1L;

    FileException(String message, Response response) {
        super(Constants.ERR_FILE, message, response);
    }
}
