# frozen_string_literal: true

module Crux
  # Asks what the program supplies for a token: a keyring, a vault, single sign-on.
  #
  # @api private
  class Tokens
    # What the options of a client take.
    attr_reader :native

    # What the latest question has raised; nil if it was answered.
    attr_reader :error

    def initialize(source)
      @source = source
      @native = Native.tokens(self)
    end

    # The token as UTF-8; nil if there is none. Asked on a thread that is inside the library, so a fiber of its own keeps
    # it from switching to another one.
    def call(refused, capacity)
      fiber = Fiber.new(blocking: true) { fetch(refused, capacity) }
      token = fiber.resume
      raise(@error = FiberError.new("A token cannot switch fibers while it is fetched.")) if fiber.alive?

      token
    end

    # One thread or fiber more, or less, waits for a started request, and serves. After the last, nobody answers.
    def serves(change)
      Native.tokens_waiters(@native, change)
      self
    end

    # Answers what the library asks on threads that Ruby does not know.
    def serve
      while (question = Native.tokens_take(@native))
        Fiber.current_scheduler ? Fiber.schedule { answer(*question) } : answer(*question)
      end
    end

    private

    def answer(number, refused, capacity)
      token = false
      token = fetch(refused, capacity)
    rescue StandardError
      # The request raises it.
    ensure
      Native.tokens_answer(@native, number, token)
    end

    def fetch(refused, capacity)
      token = checked(@source.call(refused), capacity)
      @error = nil
      token
    rescue StandardError => e
      @error = e
      raise
    end

    def checked(token, capacity)
      return if token.nil?
      raise TypeError, "A token is a String or nil, not #{token.class}." unless token.is_a?(String)

      text = token.encode(Encoding::UTF_8)
      raise InvalidArgumentError, "The token is not valid UTF-8." unless text.valid_encoding?
      raise InvalidArgumentError, "The token is longer than #{capacity} bytes." if text.bytesize > capacity

      text
    end
  end
  private_constant :Tokens
end
