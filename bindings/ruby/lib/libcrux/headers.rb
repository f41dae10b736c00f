# frozen_string_literal: true

module Crux
  # The headers of a response. Names are found in any case of letters.
  #
  # @since 0.2
  class Headers
    include Enumerable

    # @api private
    def initialize(pairs)
      @values = pairs.group_by(&:first).transform_values { |list| list.map(&:last).freeze }.freeze
      freeze
    end

    # The value of a header; several of one name are joined by ", ".
    # @return [String, nil]
    def [](name) = @values[name.to_s.downcase]&.join(", ")

    # The values of a header, one by one, as Set-Cookie needs it.
    # @return [Array<String>]
    def all(name) = @values.fetch(name.to_s.downcase, [])

    def key?(name) = @values.key?(name.to_s.downcase)

    # Yields each name in lower case, with its value.
    def each
      return enum_for(:each) { @values.size } unless block_given?

      @values.each_key { |name| yield [name, self[name]] }
      self
    end

    # @return [Hash{String => String}]
    def to_h = @values.transform_values { |list| list.join(", ") }

    # Names only: a cookie is a secret.
    def inspect = "#<#{self.class} #{@values.keys.join(" ")}>"
  end
end
