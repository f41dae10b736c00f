# frozen_string_literal: true

module Crux
  # What is told while a request waits: of one phase to a block, or of all to a `progress:`.
  #
  # @api private
  class Progress
    # The facts of a response that say how far a phase is.
    COUNTS = { send: %w[sent send_total], receive: %w[received receive_total] }.freeze

    def initialize(phase, callable)
      raise TypeError, "progress: is something to call, not #{callable.class}." unless callable.respond_to?(:call)

      @phase = phase
      @callable = callable
    end

    # Tells a block that nothing is done yet.
    def begin = (tell(@phase, 0, @phase == :job ? 100 : -1) if @phase)

    # Tells how far the request of a response is.
    def of(response)
      phase = PHASES[Native.number(response, "phase")] or return
      tell(phase, *figures(response, phase))
    end

    # Tells the end, which may have come between two waits.
    def finish(response)
      phase = @phase || PHASES[Native.number(response, "phase")]
      tell(phase, *figures(response, phase)) if COUNTS.key?(phase)
    end

    # Unknown figures are -1 here and nil for the program. A block hears only what is known, and nothing twice.
    def tell(phase, done, total)
      return if @phase && (phase != @phase || done.negative?)
      return if @last == (@last = [phase, done, total])

      done = nil if done.negative?
      total = nil if total.negative?
      @phase ? @callable.call(done, total) : @callable.call(phase, done, total)
    end

    private

    def figures(response, phase)
      return [Native.number(response, "percent"), 100] if phase == :job

      COUNTS.key?(phase) ? COUNTS[phase].map { |name| Native.number(response, name) } : [-1, -1]
    end
  end
  private_constant :Progress
end
