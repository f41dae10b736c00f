# frozen_string_literal: true

module Crux
  # A body that is read while it comes, in as little memory as you like. It can be read like an IO: IO.copy_stream
  # takes it.
  #
  # @since 0.2
  class Stream
    include Enumerable

    # How many bytes a piece has at most, unless a reader says otherwise.
    PIECE = 256 * 1024

    # The head: status, headers and facts, without a body.
    # @return [Response]
    attr_reader :response

    # @api private
    def initialize(waiting, response)
      @waiting = waiting
      @response = response
      @ended = false
      @reading = Thread::Mutex.new
    end

    # @return [Integer] such as 200
    def status = response.status

    # @return [Headers]
    def headers = response.headers

    # Yields each piece of the body as bytes.
    # @raise [Error] if the body breaks off: what came before is not the whole
    def each
      return enum_for(:each) unless block_given?

      while (piece = readpartial_or_nil(PIECE))
        yield piece
      end
      self
    end

    # Reads as IO#read does: all that is left, or at most so many bytes, nil at the end.
    # @return [String, nil]
    def read(length = nil, buffer = nil)
      buffer = (buffer || String.new).clear.force_encoding(Encoding::BINARY)
      until length && buffer.bytesize >= length
        piece = readpartial_or_nil(length ? length - buffer.bytesize : PIECE) or break
        buffer << piece
      end
      buffer.empty? && length&.positive? ? nil : buffer
    end

    # Reads what is there, at most so many bytes.
    # @raise [EOFError] at the end
    def readpartial(length, buffer = nil)
      piece = readpartial_or_nil(length) or raise EOFError, "end of file reached"
      buffer ? buffer.replace(piece) : piece
    end

    # Ends the request, wherever it is, also while another thread reads. Closing twice is nothing.
    def close
      return if closed?

      @ended = true
      @reading.locked? ? Native.cancel(@response.handle) : @response.detach
      nil
    end

    def closed? = @ended

    def inspect = "#<#{self.class} #{status}#{" closed" if closed?}>"

    private

    def readpartial_or_nil(length)
      @reading.synchronize do
        return if @ended

        piece = @waiting.read(@response.handle, length)
        raise ::IOError, "The stream was closed in another thread." if @ended
        raise Error.of(@response.handle, @response) if piece == :failed

        @ended = piece.nil?
        piece
      ensure
        @response.detach if @ended
      end
    end
  end
end
