# frozen_string_literal: true

require "libcrux/native"

module Crux
  private_constant :Native

  # Where the shared library comes from: the file that the environment variable CRUX_LIBRARY names and no other, or
  # else the gem's own copy, or else the one that the system's loader finds.
  module Library
    # Loads it, or says what was tried.
    def self.load
      tried = places.map do |name, path|
        reason = Native.open(path)
        return if reason.nil?

        "#{name}: #{reason}"
      end
      raise LoadError, "libcrux cannot be loaded. Tried #{tried.join("; ")}. " \
                       "Install libcrux, or let CRUX_LIBRARY name its file."
    end

    def self.places
      given = ENV.fetch("CRUX_LIBRARY", "")
      return { "CRUX_LIBRARY" => given } unless given.empty?

      { "the copy in the gem" => File.join(__dir__, SONAME), "the system's loader" => SONAME }
    end
    private_class_method :places
  end
  private_constant :Library

  Library.load

  # The version of the library that is loaded, such as "0.2.0".
  #
  # @since 0.2
  def self.version = Native.version
end
