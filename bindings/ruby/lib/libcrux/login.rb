# frozen_string_literal: true

# Log in once to a REST API that is authenticated by a token, then call it.
#
#   Crux.login("crunch", "ada@example.com", "password") do |client|
#     puts client.get("datasets/all/").json
#   end
#
# Each of login, token, anonymous and from_env returns a Client, or gives it to a block, closes it afterwards and
# returns what the block does. Each takes these keywords:
#
# +base_url+::  where the API lives; nil: the service's own address
# +logger+::    a Logger, or what responds to call(severity, line)
# +log_level+:: 0 (off) to 5 (trace); nil: as the logger's level says
#
# and every option of OPTIONS, such as <tt>timeout_total_ms: 5000</tt>.
#
# @since 0.2
module Crux
  class << self
    # Logs in with a password, at once.
    #
    # @param service [String] a built-in service such as "crunch", or "custom"
    # @param user [String] user name or e-mail address
    # @param secret [String] the password
    # @return [Client]
    # @raise [AuthError] if the login is refused
    def login(service, user, secret, **options, &)
      open({ service: service, user: given(user), secret: given(secret) }, **options, &)
    end

    # Uses a token or API key that is there already. Nothing is sent.
    #
    # What responds to call fetches one from elsewhere: a keyring, a vault, single sign-on. It is asked when a token is
    # needed or was refused, by one request at a time; it gets the refused one or nil, and returns a token, or nil if
    # there is none. What it raises, the request raises.
    #
    # @param token [String, #call]
    # @return [Client]
    def token(service, token, **options, &)
      return open({ service: service, token: given(token) }, **options, &) unless token.respond_to?(:call)

      open({ service: service }, tokens: Tokens.new(token), **options, &)
    end

    # For public endpoints.
    # @return [Client]
    def anonymous(service, **options, &) = open({ service: service }, **options, &)

    # Takes address and credentials from the environment: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or
    # the names that a service's own tools use (docs/options.md lists them). What is given here wins.
    #
    # @param account [String, nil] is added to the names: "acme" reads CRUX_TOKEN_ACME
    # @return [Client]
    def from_env(account = nil, **options, &)
      open({}, **options, before_login: ->(native) { Native.options_env(native, account) }, &)
    end

    private

    def open(account, logger: nil, log_level: nil, before_login: nil, tokens: nil, **options)
      client = start(account.merge(options), tokens) do |native|
        if logger
          log = Log.new(logger)
          Native.options_log(native, log_level || log.level, log)
        end
        before_login&.call(native)
      end
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # A setting that is refused is told by the login.
    def start(options, tokens)
      native = Native.options_new
      options.each { |name, value| Native.options_set(native, *Text.of_option(name, value)) }
      yield native
      Native.options_token(native, tokens.native) if tokens
      Native.options_tick(native)
      handle = Waiting.aside { Native.login_with(native) }
      client = Client.new(handle, tokens)
      return client if Native.code(handle).zero?

      raise Error.of(handle, Response.new(client, handle))
    ensure
      Native.free(native) if native
    end

    def given(text)
      return text if text.is_a?(String)

      raise TypeError, "A String is needed, not #{text.class}."
    end
  end
end
