// Made by bindings/generator from include/crux.json.

package org.libcrux;

/** Turns outcomes into exceptions. */
final class Errors {
    private Errors() {}

    static CruxException of(int code, String message, Response response) {
        switch (code) {
            case Constants.ERR_ARGUMENT:
                return new ArgumentException(message, response);
            case Constants.ERR_RESOLVE:
                return new ResolveException(message, response);
            case Constants.ERR_CONNECT:
                return new ConnectException(message, response);
            case Constants.ERR_TLS:
                return new TlsException(message, response);
            case Constants.ERR_IO:
                return new IoException(message, response);
            case Constants.ERR_PROTOCOL:
                return new ProtocolException(message, response);
            case Constants.ERR_TIMEOUT:
                return new TimeoutException(message, response);
            case Constants.ERR_CANCELLED:
                return new CancelledException(message, response);
            case Constants.ERR_AUTH:
                return new AuthException(message, response);
            case Constants.ERR_HTTP:
                return new HttpException(message, response);
            case Constants.ERR_TOO_LARGE:
                return new TooLargeException(message, response);
            case Constants.ERR_JOB:
                return new JobException(message, response);
            case Constants.ERR_FILE:
                return new FileException(message, response);
            case Constants.ERR_INTERNAL:
                return new InternalException(message, response);
            default:
                return new CruxException(code, message, response);
        }
    }
}
