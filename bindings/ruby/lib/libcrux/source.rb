# frozen_string_literal: true

module Crux
  # The bytes of a body that comes piece by piece: of something to read, or of something with each.
  #
  # @api private
  class Source
    # How many bytes were read so far.
    attr_reader :sent

    # Whether a body is read piece by piece.
    def self.fits?(body) = body.respond_to?(:read) || body.respond_to?(:each)

    def initialize(body)
      @pieces = body.respond_to?(:read) ? nil : body.to_enum(:each)
      @io = body unless @pieces
      @rest = "".b
      @sent = 0
    end

    # How many bytes there will be; -1 if that is not known.
    def length
      return -1 unless @io.is_a?(File) && @io.stat.file?

      @io.size - @io.pos
    end

    # At most so many bytes; nil at the end. The library waits for them, so a fiber of their own keeps them from
    # switching to another one.
    def call(capacity)
      fiber = Fiber.new(blocking: true) { piece(capacity) }
      bytes = fiber.resume
      raise FiberError, "A body cannot switch fibers while it is read." if fiber.alive?

      raise TypeError, "A body gives Strings, not #{bytes.class}." unless bytes.nil? || bytes.is_a?(String)

      @sent += bytes.bytesize if bytes
      bytes
    end

    private

    def piece(capacity)
      return @io.read(capacity) if @io

      @rest = next_piece while @rest&.empty?
      @rest&.slice!(0, capacity)
    end

    def next_piece
      String.new(@pieces.next, encoding: Encoding::BINARY)
    rescue StopIteration
      nil
    end
  end
  private_constant :Source
end
