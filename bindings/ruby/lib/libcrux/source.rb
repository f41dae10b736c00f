# frozen_string_literal: true

module Crux
  # The bytes of a body that comes piece by piece: of something to read, or of something with each.
  #
  # @api private
  class Source
    # Whether a body is read piece by piece.
    def self.fits?(body) = body.respond_to?(:read) || body.respond_to?(:each)

    def initialize(body)
      @pieces = body.respond_to?(:read) ? nil : body.to_enum(:each)
      @io = body unless @pieces
      @rest = "".b
    end

    # How many bytes there will be; -1 if that is not known.
    def length
      return -1 unless @io.is_a?(File) && @io.stat.file?

      @io.size - @io.pos
    end

    # At most so many bytes; nil at the end.
    def call(capacity)
      return @io.read(capacity) if @io

      @rest = next_piece while @rest&.empty?
      @rest&.slice!(0, capacity)
    end

    private

    def next_piece
      String.new(@pieces.next, encoding: Encoding::BINARY)
    rescue StopIteration
      nil
    end
  end
  private_constant :Source
end
