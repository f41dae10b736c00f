# frozen_string_literal: true

module Crux
  # Values of Ruby as the texts that the library takes.
  #
  # @api private
  module Text
    # Of a member of a query and the like.
    def self.of(value)
      case value
      when String, Symbol then value
      when Numeric, true, false then value.to_s
      else raise TypeError, "A String, Symbol, Numeric, true or false is needed, not #{value.class}."
      end
    end

    # Of each value of an Array, of the value itself, or of none for nil.
    def self.each(value)
      case value
      when nil then nil
      when Array then value.each { |single| yield of(single) }
      else yield of(value)
      end
    end

    # Of an option; nil is its default.
    def self.of_option(value)
      case value
      when nil then nil
      when true then "1"
      when false then "0"
      else of(value)
      end
    end
  end
  private_constant :Text
end
