# frozen_string_literal: true

module Crux
  # What every error of a request is, whatever its class: +rescue Crux::Error+. There is a class for each outcome, and
  # where Ruby has a fitting one it is that too: a Crux::TimeoutError is a Timeout::Error, a Crux::ConnectError a
  # SocketError, a Crux::InvalidArgumentError an ArgumentError. Messages are sentences for a person and hold no secret.
  #
  # @since 0.2
  module Error
    # The HTTP status of the response; nil if there was none.
    # @return [Integer, nil]
    attr_reader :status

    # What the server says about the error, without secrets.
    # @return [String, nil]
    attr_reader :server_message

    # How long the server asks to wait before the next try, in seconds.
    # @return [Float, nil]
    attr_reader :retry_after

    # The response that came with the error; nil if none came.
    # @return [Response, nil]
    attr_reader :response

    # The number of the outcome, as the library has it.
    # @return [Integer]
    def code = @code || self.class::CODE

    # Whether the same request may succeed later.
    def retryable? = @retryable || false
    alias retryable retryable?

    # Whether the request may have reached the server.
    def maybe_sent? = @maybe_sent || false
    alias maybe_sent maybe_sent?

    # The error of a response, client or call of the library.
    # @api private
    def self.of(handle, response = nil)
      code = Native.code(handle)
      error = ERRORS.fetch(code, InternalError).new(Native.message(handle))
      error.send(:fill, code, handle, response)
      error
    end

    private

    def fill(code, handle, response)
      status = Native.status(handle)
      wait = Native.number(handle, "retry_after_ms")
      @code = code
      @status = status unless status.zero?
      @server_message = Native.info(handle, "server_message")
      @retryable = Native.number(handle, "retryable") == 1
      @maybe_sent = Native.number(handle, "maybe_sent") == 1
      @retry_after = wait / 1000.0 unless wait.negative?
      @response = response if @status
    end
  end
end
