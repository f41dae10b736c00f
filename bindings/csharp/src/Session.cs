using System;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    // The login itself: again, with another token, and its end.
    public sealed partial class Client
    {
        /// <summary>Logs in now, and so says whether the credentials work.</summary>
        /// <param name="cancellationToken">ends the login</param>
        /// <returns>the response of the login, without secrets</returns>
        /// <exception cref="AuthException">The login was refused.</exception>
        public Task<Response> LoginAgainAsync(CancellationToken cancellationToken = default)
        {
            ThrowIfClosed();
            return SendAsync(new Prepared(Native.crux_call_login(handle), null), cancellationToken);
        }

        /// <summary>Ends the session: token and password are forgotten here, whatever the server says.</summary>
        /// <param name="cancellationToken">ends the call</param>
        public Task<Response> LogoutAsync(CancellationToken cancellationToken = default)
        {
            ThrowIfClosed();
            return SendAsync(new Prepared(Native.crux_call_logout(handle), null), cancellationToken);
        }

        /// <summary>Asks the service to mail a link for a new password. Needs no login.</summary>
        /// <param name="email">whose password was forgotten</param>
        /// <param name="cancellationToken">ends the call</param>
        public Task<Response> ResetPasswordAsync(string email, CancellationToken cancellationToken = default)
        {
            if (email == null) throw new ArgumentNullException(nameof(email));
            ThrowIfClosed();
            return SendAsync(new Prepared(Native.crux_call_reset_password(handle, Utf8.Bytes(email, "address")), null), cancellationToken);
        }

        /// <summary>Takes a token from elsewhere for the calls that start later.</summary>
        /// <param name="token">the token</param>
        /// <exception cref="CruxArgumentException">It is empty, or cannot stand in a header; the old one is kept.</exception>
        public void SetToken(string token)
        {
            if (token == null) throw new ArgumentNullException(nameof(token));
            ThrowIfClosed();
            if (Native.crux_set_token(handle, Utf8.Bytes(token, "token")) != Native.Ok)
                throw new CruxArgumentException(new Failure(Outcome.Argument,
                    "The token is empty or cannot stand in a header. The client keeps the one it has."));
        }

        /// <summary>A fact of the client or of its last login as a number, such as <c>requests</c>, <c>under_way</c> or
        /// <c>token_expires_in_s</c>.</summary>
        /// <param name="fact">its name, as in the library's list of facts</param>
        /// <returns>the number; -1 if it is not known</returns>
        public long Number(string fact)
        {
            ThrowIfClosed();
            return handle.Number(Utf8.Bytes(fact, "name of a fact"));
        }

        /// <summary>A fact of the client or of its last login as text, such as <c>base_url</c> or
        /// <c>token_source</c>.</summary>
        /// <param name="fact">its name, as in the library's list of facts</param>
        /// <returns>the fact; null if it is not known</returns>
        public string Info(string fact)
        {
            ThrowIfClosed();
            return handle.Info(Utf8.Bytes(fact, "name of a fact"));
        }
    }
}
