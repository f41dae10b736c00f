# frozen_string_literal: true

module Crux
  # What is told while a request waits: of one phase to a block, or of all to a `progress:`.
  #
  # @api private
  class Progress
    # The facts that say how far a phase is.
    COUNTS = { send: %w[sent send_total], receive: %w[received receive_total] }.freeze

    def initialize(phase, callable)
      @phase = phase
      @callable = callable
    end

    # What the library calls with numbers, of which -1 is unknown.
    def to_proc
      proc { |number, done, total| tell(PHASES.fetch(number, :other), done, total) }
    end

    # Tells the end of the phase, which may have come between two calls.
    def finish(response)
      done, total = COUNTS[@phase]&.map { |name| Native.number(response, name) }
      tell(@phase, done, total) if done&.positive? && done != @last
    end

    private

    def tell(phase, done, total)
      done = nil if done.negative?
      total = nil if total.negative?
      return @callable.call(phase, done, total) unless @phase

      @callable.call(@last = done, total) if phase == @phase
    end
  end
  private_constant :Progress
end
