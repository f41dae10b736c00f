// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The server says that its job failed.
 *
 * @since 0.2
 */
public class JobException extends CruxException {
    private static final long serialVersionUID = 1L;

    JobException(String message, Response response) {
        super(Constants.ERR_JOB, message, response);
    }
}
