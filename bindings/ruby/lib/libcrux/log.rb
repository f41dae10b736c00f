# frozen_string_literal: true

module Crux
  # Takes the lines of the library's log to a Logger, or to what responds to call(severity, line).
  #
  # @api private
  class Log
    # The severities of Logger for the library's levels error, warning, info, debug and trace.
    SEVERITIES = { 1 => 3, 2 => 2, 3 => 1, 4 => 0, 5 => 0 }.freeze
    # The library's levels for those of Logger: debug, info, warn, error, fatal, unknown.
    LEVELS = { 0 => 4, 1 => 3, 2 => 2, 3 => 1, 4 => 1, 5 => 0 }.freeze
    # info
    USUAL = 3

    def initialize(logger)
      @logger = logger
      return if logger.respond_to?(:add) || logger.respond_to?(:call)

      raise TypeError, "A Logger, or something that can be called, is needed, not #{logger.class}."
    end

    # The library's level that suits the logger.
    def level = @logger.respond_to?(:level) ? LEVELS.fetch(@logger.level, USUAL) : USUAL

    # A line hurts no request. It is written out of the library: with a scheduler, in a fiber that switches to no other.
    def call(level, line)
      Fiber.current_scheduler ? Fiber.new(blocking: true) { write(level, line) }.resume : write(level, line)
    end

    private

    def write(level, line)
      severity = SEVERITIES.fetch(level, 0)
      @logger.respond_to?(:add) ? @logger.add(severity, line, "libcrux") : @logger.call(severity, line)
    rescue StandardError => e
      warn("libcrux: the logger failed: #{e.class}")
    end
  end
  private_constant :Log
end
