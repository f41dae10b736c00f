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
      raise TypeError, "#{name}: is a number, not #{value.class}." if NUMBERS.include?(key.to_s) && !number?(value)

      [key, of_setting(value)]
    end

    # Without a Regexp: Ractors would share it, and Ruby recompiles it for another encoding while they match.
    def self.number?(value)
      case value
      when nil, Numeric then true
      when String then !value.empty? && value.each_byte.all? { |byte| byte.between?(48, 57) }
      else false
      end
    end
    private_class_method :number?

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
