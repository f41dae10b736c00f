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

    # Of a query and the like: a Hash or a list of pairs.
    def self.pairs(value, what)
      return value if value.nil? || value.respond_to?(:each_pair)
      return value if value.is_a?(Array) && value.all? { |pair| pair.is_a?(Array) && pair.size == 2 }

      raise TypeError, "#{what}: is a Hash, not #{value.class}."
    end

    # The key of an option, and its value as text; nil is its default.
    def self.of_option(name, value)
      key = OPTIONS.fetch(name, name)
      number = value.is_a?(Numeric) || (value.is_a?(String) && value.match?(/\A\d+\z/))
      unless value.nil? || number || !NUMBERS.include?(key.to_s)
        raise TypeError, "#{name}: is a number, not #{value.class}."
      end

      [key, of_setting(value)]
    end

    def self.of_setting(value)
      case value
      when nil then nil
      when true then "1"
      when false then "0"
      else of(value)
      end
    end
    private_class_method :of_setting
  end
  private_constant :Text
end
